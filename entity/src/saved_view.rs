//! A list of cases that somebody looks at often, under a name.
use domain::ids::{AccountId, SavedViewId};
use sea_orm::entity::prelude::*;

/// A list of cases that somebody looks at often, under a name.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_views")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedViewId,
    /// Whose.
    pub account_id: AccountId,
    /// As its owner calls it.
    pub name: String,
    /// The query of the list.
    pub query: String,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
