//! An invitation that binds the account that uses it to a role.
use domain::ids::{AccountId, InvitationId};
use domain::role::Role;
use sea_orm::entity::prelude::*;

/// An invitation that binds the account that uses it to a role.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// SHA-256 of the code.
    pub code_hash: Vec<u8>,
    /// The role.
    pub role: Role,
    /// What the role is for.
    pub scope_id: Uuid,
    /// Keyed hash of the invited person's phone number.
    pub phone_hash: Option<Vec<u8>>,
    /// Until when it can be used.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
    /// By whom.
    pub used_by: Option<AccountId>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
