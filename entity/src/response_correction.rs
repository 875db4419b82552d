//! A correction of an answer, beside what was sent; never changed.
use domain::ids::{AccountId, CaseId, ResponseId};
use sea_orm::entity::prelude::*;

/// A correction of an answer, beside what was sent; never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "response_corrections")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_seq: i32,
    /// The answer.
    pub response_id: ResponseId,
    /// Who corrected it.
    pub account_id: Option<AccountId>,
    /// The whole answer as it should be.
    pub text: String,
    /// Why.
    pub reason: String,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
