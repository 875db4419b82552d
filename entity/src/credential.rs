//! A password of an account of staff.
use domain::ids::AccountId;
use sea_orm::entity::prelude::*;

/// A password of an account of staff.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "credentials")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The name to log in with.
    pub login: String,
    /// Argon2id, PHC format.
    pub password_hash: String,
    /// The secret of the second factor, sealed.
    pub totp_sealed: Option<Vec<u8>>,
    /// Wrong passwords since the last right one.
    pub failures: i32,
    /// Before this no password is looked at.
    pub retry_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
