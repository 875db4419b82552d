//! A member's answer (答复); never changed.
use domain::ids::{AccountId, CaseId, MemberId, ResponseId};
use domain::vocabulary::Evidence;
use sea_orm::entity::prelude::*;

/// A member's answer (答复); never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "responses")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResponseId,
    /// The case.
    pub case_id: CaseId,
    /// The event.
    pub event_seq: i32,
    /// The member who was responsible.
    pub member_id: Option<MemberId>,
    /// Who wrote it.
    pub account_id: Option<AccountId>,
    /// The answer.
    pub text: String,
    /// What it rests on.
    pub evidence: Evidence,
    /// Whether it is nothing but a template with its fields filled in.
    pub template_only: bool,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
