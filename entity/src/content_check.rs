//! The check of one text or picture before others than staff may read it.
use domain::content::{ContentState, Finding};
use domain::ids::{AccountId, CaseId, ContentCheckId, UploadId};
use sea_orm::entity::prelude::*;

/// The check of one text or picture before others than staff may read it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "content_checks")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContentCheckId,
    /// The case.
    pub case_id: CaseId,
    /// The event that it came with.
    pub event_seq: i32,
    /// The picture; without one it is the event's words.
    pub upload_id: Option<UploadId>,
    /// Where it stands.
    pub state: ContentState,
    /// Why a person has to look, or had to.
    pub finding: Option<Finding>,
    /// WeChat's number of what is wrong.
    pub label: Option<i64>,
    /// What WeChat's result is known by.
    pub trace_id: Option<String>,
    /// SHA-256 of the secret in the link by which WeChat fetches the picture; none once it is not needed.
    pub link_hash: Option<Vec<u8>>,
    /// When it goes to a person at the latest.
    pub due_at: DateTimeUtc,
    /// When it was first settled: passed, or held back.
    pub settled_at: Option<DateTimeUtc>,
    /// Who decided on what was held back.
    pub decided_by: Option<AccountId>,
    /// Why.
    pub reason: Option<String>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
