//! A day on which the shipped calendar was corrected.
use domain::ids::AccountId;
use sea_orm::entity::prelude::*;

/// A day on which the shipped calendar was corrected.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_days")]
pub struct Model {
    /// The day, in Shanghai.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Whether it is a working day.
    pub is_working: bool,
    /// Why.
    pub note: Option<String>,
    /// Who corrected it.
    pub account_id: Option<AccountId>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
