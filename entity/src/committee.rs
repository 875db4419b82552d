//! A committee (政协委员会), the tenant.
use domain::ids::CommitteeId;
use domain::vocabulary::Level;
use sea_orm::entity::prelude::*;

/// A committee (政协委员会), the tenant.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "committees")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommitteeId,
    /// The committee above.
    pub parent_id: Option<CommitteeId>,
    /// As it is called.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
