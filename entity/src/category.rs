//! A category of matters (诉求类别).
use domain::ids::{CategoryId, CommitteeId};
use sea_orm::entity::prelude::*;

/// A category of matters (诉求类别).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// As it is called.
    pub name: String,
    /// Words in a text that hint at it: an array of strings.
    pub keywords: Json,
    /// Its place in lists.
    pub sort: i32,
    /// Working days to accept, when not the default.
    pub accept_days: Option<i32>,
    /// Working days to answer, when not the default.
    pub respond_days: Option<i32>,
    /// Since when it is no longer offered.
    pub closed_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
