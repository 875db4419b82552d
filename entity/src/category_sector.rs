//! A sector that a category falls to.
use domain::ids::{CategoryId, SectorId};
use sea_orm::entity::prelude::*;

/// A sector that a category falls to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "category_sectors")]
pub struct Model {
    /// The category.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category_id: CategoryId,
    /// The sector.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sector_id: SectorId,
}

impl ActiveModelBehavior for ActiveModel {}
