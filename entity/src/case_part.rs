//! What one department is asked for when a case is split.
use domain::case::PartState;
use domain::ids::{CaseId, DepartmentId};
use sea_orm::entity::prelude::*;

/// What one department is asked for when a case is split.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_parts")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// The number of the part within the case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i16,
    /// The department asked, now or last.
    pub department_id: DepartmentId,
    /// What it is asked for.
    pub request: String,
    /// Where the part stands.
    pub state: PartState,
    /// When the department was asked.
    pub asked_at: DateTimeUtc,
    /// The working days to reply; none where a date was asked for.
    pub reply_days: Option<i32>,
    /// The working days to object.
    pub object_days: i32,
    /// When the reply is due.
    pub reply_by: DateTimeUtc,
    /// Until when the department may object.
    pub object_by: DateTimeUtc,
    /// When its lateness was announced.
    pub late_at: Option<DateTimeUtc>,
    /// How often a department objected.
    pub objections: i16,
    /// The reply.
    pub reply: Option<String>,
    /// The number of the event that tells of the reply.
    pub reply_seq: Option<i32>,
    /// When it was replied to or taken back.
    pub settled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
