//! A message to somebody about a case: the in-app inbox.
use domain::ids::{AccountId, CaseId, MessageId};
use sea_orm::entity::prelude::*;

/// A message to somebody about a case: the in-app inbox.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    /// The case.
    pub case_id: CaseId,
    /// The event.
    pub event_seq: i32,
    /// To whom.
    pub account_id: AccountId,
    /// Which text.
    pub template: String,
    /// What fills the text.
    pub body: Json,
    /// When it was read.
    pub read_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
