//! The phone number to which somebody of the staff wants text messages.
use domain::ids::AccountId;
use sea_orm::entity::prelude::*;

/// The phone number to which somebody of the staff wants text messages.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_phones")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The digits: sealed personal data.
    pub phone_sealed: Vec<u8>,
    /// When the first number was given.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
