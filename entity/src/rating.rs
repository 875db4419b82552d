//! A resident's rating of an answer, credited to whoever gave it.
use domain::ids::{CaseId, MemberId, RatingId, ResponseId};
use sea_orm::entity::prelude::*;

/// A resident's rating of an answer, credited to whoever gave it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ratings")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RatingId,
    /// The case.
    pub case_id: CaseId,
    /// The answer.
    pub response_id: ResponseId,
    /// Who gave the answer.
    pub member_id: Option<MemberId>,
    /// `yes`, `partly`, or `no` when contested.
    pub solved: String,
    /// 1 to 5.
    pub stars: Option<i16>,
    /// A few words.
    pub comment: Option<String>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
