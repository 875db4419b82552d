//! How far the figures are: one row, locked by whoever changes figures.
use sea_orm::entity::prelude::*;

/// How far the figures are: one row, locked by whoever changes figures.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "figure_rolls")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i16,
    /// When they were brought forward last.
    pub rolled_at: Option<DateTimeUtc>,
    /// When they were compared with the history last.
    pub verified_at: Option<DateTimeUtc>,
    /// The last of the earlier days that were compared then.
    pub checked_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
