//! A WeChat user of one mini-program, and his account.
use domain::ids::AccountId;
use sea_orm::entity::prelude::*;

/// A WeChat user of one mini-program, and his account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wechat_identities")]
pub struct Model {
    /// The mini-program.
    #[sea_orm(primary_key, auto_increment = false)]
    pub appid: String,
    /// The user within it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub openid: String,
    /// The account.
    pub account_id: AccountId,
    /// The user across mini-programs of one owner.
    pub unionid: Option<String>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
