//! A category that a member knows well.
use domain::ids::{CategoryId, MemberId};
use sea_orm::entity::prelude::*;

/// A category that a member knows well.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "member_specialities")]
pub struct Model {
    /// The member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: MemberId,
    /// The category.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category_id: CategoryId,
}

impl ActiveModelBehavior for ActiveModel {}
