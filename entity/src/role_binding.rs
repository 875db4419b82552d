//! One role of one account in one scope.
use domain::ids::{AccountId, BindingId};
use domain::role::Role;
use sea_orm::entity::prelude::*;

/// One role of one account in one scope.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_bindings")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BindingId,
    /// The account.
    pub account_id: AccountId,
    /// The role.
    pub role: Role,
    /// What the role is for; its kind follows from the role.
    pub scope_id: Uuid,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// Since when it no longer holds.
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
