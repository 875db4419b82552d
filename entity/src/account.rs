//! Somebody who can log in.
use domain::ids::AccountId;
use domain::vocabulary::AccountState;
use sea_orm::entity::prelude::*;

/// Somebody who can log in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// Whether it may log in.
    pub state: AccountState,
    /// What to call the person.
    pub display_name: Option<String>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When the person had it erased.
    pub erased_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
