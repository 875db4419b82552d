//! The question, weeks after an answer, whether it was really done; and what the resident said.
use domain::ids::{CaseId, ResponseId};
use domain::vocabulary::{Done, SecondLookReason};
use sea_orm::entity::prelude::*;

/// The question, weeks after an answer, whether it was really done; and what the resident said.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_looks")]
pub struct Model {
    /// The answer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub response_id: ResponseId,
    /// The case.
    pub case_id: CaseId,
    /// Why it was asked.
    pub reason: SecondLookReason,
    /// When it was asked.
    pub asked_at: DateTimeUtc,
    /// Until when it could be answered.
    pub answer_by: DateTimeUtc,
    /// When it was answered.
    pub answered_at: Option<DateTimeUtc>,
    /// What the resident said.
    pub verdict: Option<Done>,
    /// A few words.
    pub comment: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
