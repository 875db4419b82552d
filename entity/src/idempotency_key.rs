//! The first answer to a request that may be repeated.
use sea_orm::entity::prelude::*;

/// The first answer to a request that may be repeated.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Whose key for which call.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    /// As the caller sent it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the body.
    pub request_hash: Vec<u8>,
    /// The first answer's status.
    pub status: i16,
    /// The first answer's body, sealed.
    pub response_sealed: Vec<u8>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
