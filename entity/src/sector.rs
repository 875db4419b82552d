//! A sector (界别).
use domain::ids::{CommitteeId, SectorId};
use sea_orm::entity::prelude::*;

/// A sector (界别).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sectors")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SectorId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Its place in lists.
    pub sort: i32,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
