//! What belongs to a case and is shown with it: answers, ratings, pictures.

use chrono::{DateTime, Utc};
use domain::ids::{MemberId, ResponseId, UploadId};
use domain::vocabulary::{Evidence, UploadCheck};
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
    /// Whether it is nothing but a template with its fields filled in; for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_only: Option<bool>,
    /// When.
    pub created_at: DateTime<Utc>,
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
    pub fn of(row: entity::response::Model, for_staff: bool) -> Self {
        let entity::response::Model { id, text, evidence, member_id, template_only, created_at, .. } = row;
        let template_only = for_staff.then_some(template_only);
        Self { id, text, evidence, member_id, template_only, created_at }
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
