//! The draft of a case's answer: one a case, whoever writes it.
use domain::ids::{AccountId, CaseId, MemberId};
use domain::role::Party;
use domain::vocabulary::Evidence;
use sea_orm::entity::prelude::*;

/// The draft of a case's answer: one a case, whoever writes it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_drafts")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// Grows with every change; the `ETag`.
    pub version: i32,
    /// The words so far.
    pub text: String,
    /// What the answer will rest on, if that is known.
    pub evidence: Option<Evidence>,
    /// Who wrote it last.
    pub account_id: AccountId,
    /// As what.
    pub party: Party,
    /// The member responsible then.
    pub member_id: Option<MemberId>,
    /// When it was begun.
    pub created_at: DateTimeUtc,
    /// When it was written last.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
