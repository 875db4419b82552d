//! A template, or all of a mini-program's, that is not sent for a while.
use domain::vocabulary::PauseReason;
use sea_orm::entity::prelude::*;

/// A template, or all of a mini-program's, that is not sent for a while.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message_pauses")]
pub struct Model {
    /// The mini-program.
    #[sea_orm(primary_key, auto_increment = false)]
    pub appid: String,
    /// The template; `*` for all.
    #[sea_orm(primary_key, auto_increment = false)]
    pub template_id: String,
    /// Why.
    pub reason: PauseReason,
    /// WeChat's number for it.
    pub errcode: i64,
    /// When it is tried again.
    pub ends_at: DateTimeUtc,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
