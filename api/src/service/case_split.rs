//! The parts of a split case as one visitor may see them: the member and the manager all of them, an
//! officer what his department is asked, the resident none, since the member is the one voice.

use chrono::{DateTime, Utc};
use domain::case::{Case, CasePart, EventBody, PartState};
use domain::ids::DepartmentId;
use domain::role::Standing;
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::receipt::Named;
use crate::store::{self, Connection, StoreError};

/// A part of a split case.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CasePart)]
pub struct PartBody {
    /// Its number within the case: what `reply`, `object` and the like name it by.
    pub part: i16,
    /// The department asked, now or last.
    pub department: Named<DepartmentId>,
    /// What it is asked for.
    pub request: String,
    /// Where it stands.
    pub state: PartState,
    /// The same in Chinese.
    pub state_label: &'static str,
    /// When the department was asked.
    pub asked_at: DateTime<Utc>,
    /// When the reply is due.
    pub reply_by: DateTime<Utc>,
    /// Until when the department may object.
    pub object_by: DateTime<Utc>,
    /// Whether the reply is late.
    pub overdue: bool,
    /// How often a department objected.
    pub objections: i16,
    /// The reply; its pictures are those of the case with the same `event_seq`.
    pub reply: Option<String>,
    /// The event that tells of the reply.
    pub reply_seq: Option<i32>,
    /// When it was replied to or taken back.
    pub settled_at: Option<DateTime<Utc>>,
}

/// The parts of a case that somebody with this standing may see.
///
/// # Errors
/// The database does not answer.
pub(super) async fn show(
    db: &impl Connection,
    case: &Case,
    standing: Standing,
    now: DateTime<Utc>,
) -> Result<Vec<PartBody>, StoreError> {
    let parts: Vec<CasePart> =
        case.parts.iter().filter(|part| standing.reads_part(part.ordinal)).cloned().collect();
    let names = store::names::of_departments(db, parts.iter().map(|part| part.department_id)).await?;
    let name_of = |id: DepartmentId| names.get(&id).cloned().unwrap_or_default();
    let shown = parts.into_iter().map(|part| PartBody {
        department: Named { id: part.department_id, name: name_of(part.department_id) },
        state_label: part.state.label(),
        overdue: part.is_out() && now >= part.reply_by,
        part: part.ordinal,
        request: part.request,
        state: part.state,
        asked_at: part.asked_at,
        reply_by: part.reply_by,
        object_by: part.object_by,
        objections: part.objections,
        reply: part.reply,
        reply_seq: part.reply_seq,
        settled_at: part.settled_at,
    });
    Ok(shown.collect())
}

/// Whether an entry of the history, or a picture with it, is about a part that this reader may not see.
pub(super) fn is_of_another(case: &Case, seq: i32, standing: Standing) -> bool {
    standing.is_staff()
        && case.parts.iter().any(|part| part.reply_seq == Some(seq) && !standing.reads_part(part.ordinal))
}

/// Leaves out of an entry of the history what is about parts that this reader may not see.
pub(super) fn hide_others(body: &mut EventBody, standing: Standing) {
    if standing.is_in_charge() {
        return;
    }
    body.parts.retain(|asked| standing.reads_part(asked.part));
    if body.part.is_some_and(|part| !standing.reads_part(part)) {
        *body = EventBody { member_id: body.member_id, ..EventBody::default() };
    }
}
