//! What belongs to a case and is shown with it: answers, ratings, pictures.

use chrono::{DateTime, Utc};
use domain::ids::{MemberId, ResponseId, UploadId};
use domain::vocabulary::{Done, Evidence, Proof, SecondLookReason, UploadCheck};
use serde::Serialize;
use utoipa::ToSchema;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseResponse {
    /// The answer.
    pub id: ResponseId,
    /// Its words.
    pub text: String,
    /// What it rests on.
    pub evidence: Evidence,
    /// The member who gave it.
    pub member_id: Option<MemberId>,
    /// What was put right later, oldest first; the answer itself stays as it was sent.
    pub corrections: Vec<ResponseCorrection>,
    /// Whether it is nothing but a template with its fields filled in; for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_only: Option<bool>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A correction of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResponseCorrection {
    /// The whole answer as it should be.
    pub text: String,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The question, weeks after an answer, whether it was really done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecondLook {
    /// The answer.
    pub response_id: ResponseId,
    /// Why it was asked.
    pub reason: SecondLookReason,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Until when it can be answered.
    pub answer_by: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// What the resident said.
    pub done: Option<Done>,
    /// A few words.
    pub comment: Option<String>,
    /// What the answer is worth by that.
    pub proof: Proof,
    /// The same in Chinese.
    pub proof_label: &'static str,
}

impl SecondLook {
    /// The second look as it stands at `now`.
    #[must_use]
    pub fn at(row: entity::second_look::Model, now: DateTime<Utc>) -> Self {
        let proof = Proof::of(row.verdict, now > row.answer_by);
        Self {
            response_id: row.response_id,
            reason: row.reason,
            asked_at: row.asked_at,
            answer_by: row.answer_by,
            answered_at: row.answered_at,
            done: row.verdict,
            comment: row.comment,
            proof,
            proof_label: proof.label(),
        }
    }
}

/// What the resident said of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseRating {
    /// The answer.
    pub response_id: ResponseId,
    /// `yes`, `partly` or `no`.
    pub solved: String,
    /// 1 to 5.
    pub stars: Option<i16>,
    /// A few words.
    pub comment: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A picture of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CasePicture {
    /// The picture.
    pub id: UploadId,
    /// The event that it came with.
    pub event_seq: Option<i32>,
    /// Width in px.
    pub width: i32,
    /// Height in px.
    pub height: i32,
    /// Where the content check stands.
    pub check: UploadCheck,
}

impl CaseResponse {
    /// The answer as its readers see it.
    #[must_use]
    pub fn of(
        row: entity::response::Model,
        corrections: &[entity::response_correction::Model],
        for_staff: bool,
    ) -> Self {
        let entity::response::Model { id, text, evidence, member_id, template_only, created_at, .. } = row;
        let template_only = for_staff.then_some(template_only);
        let corrections =
            corrections.iter().filter(|row| row.response_id == id).map(ResponseCorrection::from);
        let corrections = corrections.collect();
        Self { id, text, evidence, member_id, corrections, template_only, created_at }
    }
}

impl From<&entity::response_correction::Model> for ResponseCorrection {
    fn from(row: &entity::response_correction::Model) -> Self {
        Self { text: row.text.clone(), reason: row.reason.clone(), created_at: row.created_at }
    }
}

impl From<entity::rating::Model> for CaseRating {
    fn from(row: entity::rating::Model) -> Self {
        let entity::rating::Model { response_id, solved, stars, comment, created_at, .. } = row;
        Self { response_id, solved, stars, comment, created_at }
    }
}

impl From<entity::upload::Model> for CasePicture {
    fn from(row: entity::upload::Model) -> Self {
        let entity::upload::Model { id, event_seq, width, height, check_state, .. } = row;
        Self { id, event_seq, width, height, check: check_state }
    }
}
