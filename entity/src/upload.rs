//! A picture, stored as two renditions under its id.
use domain::ids::{AccountId, CaseId, UploadId};
use domain::vocabulary::UploadCheck;
use sea_orm::entity::prelude::*;

/// A picture, stored as two renditions under its id.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "uploads")]
pub struct Model {
    /// Key, and the name of its files.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UploadId,
    /// Who sent it.
    pub account_id: Option<AccountId>,
    /// The case that took it.
    pub case_id: Option<CaseId>,
    /// The event it came with.
    pub event_seq: Option<i32>,
    /// The media type it came as.
    pub kind: String,
    /// Of the original after turning, in px.
    pub width: i32,
    /// Of the original after turning, in px.
    pub height: i32,
    /// Size of both renditions together.
    pub bytes: i32,
    /// Of what was sent.
    pub sha256: Vec<u8>,
    /// Where the content check stands.
    pub check_state: UploadCheck,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
