//! Starting a check, and asking WeChat. No transaction is open while WeChat is asked.

use domain::content::{ContentState, Examiner, Finding, Medium, examiner, pieces};
use domain::ids::{CaseId, UploadId};
use domain::role::Party;
use domain::vocabulary::UploadCheck;
use entity::content_check;

use super::{PATIENCE, Verdict, settle};
use crate::jobs::Job;
use crate::seal::sha256;
use crate::service::{mini_program, pushes};
use crate::state::AppState;
use crate::store::cases::{CaseKey, StoredEvent};
use crate::store::outbox::NewJob;
use crate::store::{self, StoreError};
use crate::wechat::{Judgement, Suggestion, WeChat};

/// Enqueues the check of an event, if any of it may need one. Doing it twice checks nothing twice.
///
/// # Errors
/// The database does not answer.
pub async fn plan(state: &AppState, case_id: CaseId, seq: i32) -> Result<(), StoreError> {
    if !state.config.wechat.content_check {
        return Ok(());
    }
    let db = state.db.reader();
    let Some(event) = store::cases::find_event(db, case_id, seq).await? else { return Ok(()) };
    let has_text = examiner(event.event.kind, event.event.party, true, Medium::Text) != Examiner::Nobody;
    if !has_text && store::uploads::list_of_event(db, case_id, seq).await?.is_empty() {
        return Ok(());
    }
    let job = Job::CheckContent { case_id, seq };
    let now = state.clock.now();
    let key = format!("check_content/{case_id}/{seq}");
    let new =
        NewJob { id: state.ids.next(), job: &job, run_at: now, dedupe_key: Some(&key), created_at: now };
    store::outbox::enqueue(db, new).await?;
    state.jobs.wake();
    Ok(())
}

/// Checks what came with an event. What was settled before stays as it is.
///
/// # Errors
/// The database does not answer.
pub async fn check_event(state: &AppState, case_id: CaseId, seq: i32) -> Result<(), StoreError> {
    let db = state.db.reader();
    let Some(event) = store::cases::find_event(db, case_id, seq).await? else { return Ok(()) };
    let sender = sender_of(state, &event).await?;
    let sender = sender.as_ref().map(|(wechat, openid)| Sender { wechat, openid });
    begin(state, case_id, &event, sender.is_some()).await?;
    for check in store::content_checks::list_of_event(db, case_id, seq).await? {
        if check.state != ContentState::Pending {
            continue;
        }
        let verdict = match (sender, check.upload_id) {
            // The account was erased meanwhile.
            (None, _) => Some(Verdict::hold(Finding::NotByWechat)),
            (Some(sender), None) => Some(look_at_text(state, sender, case_id, &event).await?),
            (Some(sender), Some(_)) => look_at_picture(state, sender, &check).await?,
        };
        if let Some(verdict) = verdict {
            settle(state, check.id, verdict).await?;
        }
    }
    Ok(())
}

/// Somebody in his mini-program.
#[derive(Clone, Copy)]
struct Sender<'a> {
    wechat: &'a WeChat,
    openid: &'a str,
}

/// Who did it, to WeChat; only residents are asked about.
async fn sender_of<'a>(
    state: &'a AppState,
    event: &StoredEvent,
) -> Result<Option<(&'a WeChat, String)>, StoreError> {
    let (Party::Resident, Some(account_id)) = (event.event.party, event.account_id) else { return Ok(None) };
    mini_program::of_account(state, account_id).await
}

/// Makes a row for every piece that somebody has to look at; pictures that nobody has to look at pass.
async fn begin(
    state: &AppState,
    case_id: CaseId,
    StoredEvent { seq, event, .. }: &StoredEvent,
    by_wechat: bool,
) -> Result<(), StoreError> {
    let pictures = store::uploads::list_of_event(state.db.reader(), case_id, *seq).await?;
    let examiner = |medium| examiner(event.kind, event.party, by_wechat, medium);
    let text = (examiner(Medium::Text) != Examiner::Nobody).then_some((None, examiner(Medium::Text)));
    let of_picture = |id: &UploadId| (Some(*id), examiner(Medium::Picture));
    let pieces = text.into_iter().chain(pictures.iter().map(of_picture));
    for (upload_id, examiner) in pieces {
        match (examiner, upload_id) {
            (Examiner::Nobody, Some(id)) => {
                store::uploads::set_check(state.db.reader(), &[id], UploadCheck::Passed).await?;
            }
            (Examiner::Nobody, None) => {}
            (Examiner::Wechat | Examiner::Person, upload_id) => {
                let new = pending(state, case_id, *seq, upload_id);
                let (id, added) = (new.id, store::content_checks::insert_once(state.db.reader(), new).await?);
                if added && examiner == Examiner::Person {
                    settle(state, id, Verdict::hold(Finding::NotByWechat)).await?;
                }
            }
        }
    }
    Ok(())
}

fn pending(
    state: &AppState,
    case_id: CaseId,
    event_seq: i32,
    upload_id: Option<UploadId>,
) -> content_check::Model {
    let now = state.clock.now();
    content_check::Model {
        id: state.ids.next(),
        case_id,
        event_seq,
        upload_id,
        state: ContentState::Pending,
        finding: None,
        label: None,
        trace_id: None,
        link_hash: None,
        due_at: now + PATIENCE,
        settled_at: None,
        decided_by: None,
        reason: None,
        created_at: now,
    }
}

/// The words of the intake are the case's, others stand in the history.
async fn look_at_text(
    state: &AppState,
    sender: Sender<'_>,
    case_id: CaseId,
    event: &StoredEvent,
) -> Result<Verdict, StoreError> {
    let text = match &event.event.body.text {
        Some(text) => text.clone(),
        None if event.seq == 1 => {
            let stored = store::cases::find(state.db.reader(), CaseKey::Id(case_id)).await?;
            stored.map(|stored| stored.text).unwrap_or_default()
        }
        None => String::new(),
    };
    let mut worst = Verdict::Pass;
    for piece in pieces(&text) {
        let verdict = match sender.wechat.check_text(sender.openid, piece).await {
            Ok(judgement) => Verdict::from(judgement),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a text was not checked");
                return Ok(Verdict::hold(Verdict::finding_of(&error)));
            }
        };
        worst = worst.worse(verdict);
    }
    Ok(worst)
}

/// Asks WeChat to fetch the picture; nothing is known before its result comes.
async fn look_at_picture(
    state: &AppState,
    sender: Sender<'_>,
    check: &content_check::Model,
) -> Result<Option<Verdict>, StoreError> {
    let db = state.db.reader();
    let trace_id = match &check.trace_id {
        Some(trace_id) => trace_id.clone(),
        None => {
            let secret = state.ids.secret();
            if !store::content_checks::open_link(db, check.id, sha256(secret.as_bytes())).await? {
                return Ok(None);
            }
            let url = format!("{}/mc/{secret}.jpg", state.config.server.public_base());
            match sender.wechat.check_picture(sender.openid, &url).await {
                Ok(trace_id) => {
                    store::content_checks::keep_trace(db, check.id, &trace_id).await?;
                    trace_id
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a picture was not checked");
                    return Ok(Some(Verdict::hold(Verdict::finding_of(&error))));
                }
            }
        }
    };
    // The result may have come before we knew what it is the result of.
    pushes::match_waiting(state, &trace_id).await?;
    Ok(None)
}

impl From<Judgement> for Verdict {
    fn from(Judgement { suggestion, label }: Judgement) -> Self {
        match suggestion {
            Suggestion::Pass => Self::Pass,
            Suggestion::Review => Self::Hold { finding: Finding::Review, label },
            Suggestion::Risky => Self::Hold { finding: Finding::Risky, label },
        }
    }
}
