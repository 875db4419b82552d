//! A template of an answer, with fields to fill in.
use domain::ids::{AnswerTemplateId, CategoryId, CommitteeId};
use sea_orm::entity::prelude::*;

/// A template of an answer, with fields to fill in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "answer_templates")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnswerTemplateId,
    /// The tenant; committees below it use it too.
    pub committee_id: CommitteeId,
    /// What it is for; any category when empty.
    pub category_id: Option<CategoryId>,
    /// What it is called; unique in its committee.
    pub title: String,
    /// The words, with fields as `{{名称}}`.
    pub body: String,
    /// Whether it is offered.
    pub active: bool,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
