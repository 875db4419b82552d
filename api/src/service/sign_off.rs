//! Answers that wait for the manager to sign them off: read from the history, and sent as they were written.

use chrono::{DateTime, Utc};
use domain::case::{Case, Decision, EventKind};
use domain::ids::{AccountId, MemberId};
use domain::role::{Party, Standing};
use domain::vocabulary::Evidence;
use entity::case_draft;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::cases::StoredEvent;
use crate::store::{self, Connection, StoreError, Transaction};

/// The member's answer that waits for the manager.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubmittedAnswer {
    /// The number of its entry in the history: `approve` and `send-back` name it by that. Its pictures are
    /// those of the case with the same `event_seq`.
    pub seq: i32,
    /// Its words.
    pub text: String,
    /// What it rests on.
    pub evidence: Evidence,
    /// The member who wrote it.
    pub member_id: Option<MemberId>,
    /// Since when it waits.
    pub submitted_at: DateTime<Utc>,
}

/// The entry of the answer that waits, if one does.
///
/// # Errors
/// The database does not answer, or the entry is not there.
pub(super) async fn find(db: &impl Connection, case: &Case) -> Result<Option<StoredEvent>, StoreError> {
    let Some(seq) = case.submitted_seq else { return Ok(None) };
    match store::cases::find_event(db, case.id, seq).await? {
        Some(found) if found.event.kind == EventKind::AnswerSubmitted => Ok(Some(found)),
        _ => Err(StoreError::inconsistent("cases", case.id, "the answer that waits is not in its history")),
    }
}

/// The answer that waits, for its member and his manager.
///
/// # Errors
/// The database does not answer, or the entry is not there.
pub(super) async fn show(
    db: &impl Connection,
    case: &Case,
    standing: Standing,
) -> Result<Option<SubmittedAnswer>, StoreError> {
    if !standing.is_in_charge() {
        return Ok(None);
    }
    let Some(StoredEvent { seq, event, .. }) = find(db, case).await? else { return Ok(None) };
    let words = event.body.text.zip(event.body.evidence);
    Ok(words.map(|(text, evidence)| SubmittedAnswer {
        seq,
        text,
        evidence,
        member_id: event.body.member_id,
        submitted_at: event.at,
    }))
}

/// Lets the answer that a decision sends have the pictures of the one that waited, and tells who wrote it.
///
/// # Errors
/// The database does not answer.
pub(super) async fn take_over(
    tx: &Transaction,
    decision: &Decision,
    submitted: Option<&StoredEvent>,
    account_id: Option<AccountId>,
) -> Result<Option<AccountId>, StoreError> {
    let is_signed_off = decision.events.iter().any(|event| event.kind == EventKind::Approve);
    let Some(answer) = submitted.filter(|_| is_signed_off) else { return Ok(account_id) };
    let case = &decision.case;
    store::uploads::move_to(tx, case.id, answer.seq, case.event_seq).await?;
    Ok(answer.account_id)
}

/// An answer that the manager gives back is the member's draft again, with its pictures: he goes on from
/// there. A draft that somebody has begun meanwhile stays.
///
/// # Errors
/// The database does not answer.
pub(super) async fn give_back(
    tx: &Transaction,
    decision: &Decision,
    submitted: Option<&StoredEvent>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let is_sent_back = decision.events.iter().any(|event| event.kind == EventKind::SendBack);
    let Some(answer) = submitted.filter(|_| is_sent_back) else { return Ok(()) };
    let body = &answer.event.body;
    let (Some(text), Some(account_id)) = (body.text.clone(), answer.account_id) else { return Ok(()) };
    let case_id = decision.case.id;
    if store::drafts::find(tx, case_id).await?.is_some() {
        return Ok(());
    }
    let draft = case_draft::Model {
        case_id,
        version: 1,
        text,
        evidence: body.evidence,
        account_id,
        party: Party::ItsMember,
        member_id: body.member_id,
        created_at: now,
        updated_at: now,
    };
    store::drafts::insert(tx, draft).await?;
    let pictures = store::uploads::release(tx, case_id, answer.seq).await?;
    store::drafts::name_uploads(tx, case_id, &pictures).await
}
