//! Acting on a case: load and lock, decide, save, append, tell, commit.
//!
//! [`apply`] is the only writer of a case's state after its intake.

use chrono::{DateTime, Utc};
use domain::case::{self, Action, CaseError, Command, Context, Decision, Presence, State};
use domain::ids::{AccountId, CaseId, CommitteeId, DepartmentId};
use domain::role::Standing;
use serde_json::value::{RawValue, to_raw_value};

use crate::jobs::Job;
use crate::service::answers;
use crate::service::case_body::CaseBody;
use crate::service::case_view::{self, CaseView};
use crate::service::idempotency::{self, IdempotencyError};
use crate::service::merging;
use crate::service::sign_off;
use crate::service::terms;
use crate::service::uploads::ClaimError;
use crate::service::visitor::Visitor;
use crate::state::{AppState, Parts};
use crate::store::cases::{CaseKey, StoredCase};
use crate::store::outbox::NewJob;
use crate::store::{self, Connection, StoreError, Transaction};

/// Why an action on a case was not done.
#[derive(Debug, thiserror::Error)]
pub enum CaseworkError {
    /// There is no such case, or not for this visitor.
    #[error("no such case for this visitor")]
    NotFound,
    /// The case has changed since the visitor saw it.
    #[error("the case has changed to version {}", current.stored.case.version)]
    VersionConflict {
        /// The case as it is now.
        current: Box<CaseView>,
    },
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] CaseError),
    /// The rules refuse it from this state.
    #[error("{action} is not possible from {state}")]
    WrongState {
        /// The state of the case.
        state: State,
        /// What was tried.
        action: Action,
        /// What this visitor can do instead.
        allowed_actions: Vec<Action>,
    },
    /// The member does not exist or does not serve the station.
    #[error("the member does not serve the station")]
    UnknownMember,
    /// The station does not exist, is closed, or belongs to another committee.
    #[error("no such open station in the committee")]
    UnknownStation,
    /// The department does not exist, is closed, or is out of the committee's reach.
    #[error("no such open department in reach of the committee")]
    UnknownDepartment {
        /// The field that names it.
        pointer: String,
    },
    /// Neither a member nor a station was named.
    #[error("neither a member nor a station was named")]
    NoAssignee,
    /// A picture can't be taken.
    #[error(transparent)]
    Upload(#[from] ClaimError),
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A case as one visitor may see it. Staff have seen its changes then.
///
/// # Errors
/// No such case for this visitor.
pub async fn show(state: &Parts, visitor: &Visitor, key: CaseKey) -> Result<CaseView, CaseworkError> {
    let db = state.db.reader();
    let stored = store::cases::find(db, key).await?.ok_or(CaseworkError::NotFound)?;
    let standing = standing(db, visitor, &stored).await?;
    if let Some(caller) = visitor.caller.as_ref().filter(|_| standing.is_staff()) {
        let (id, seq) = (stored.case.id, stored.case.event_seq);
        store::case_views::mark_seen(db, caller.account_id, id, seq, state.clock.now()).await?;
    }
    Ok(case_view::assemble(state, db, stored, standing).await?)
}

/// What the visitor is to a case.
///
/// # Errors
/// No such case for this visitor.
pub async fn standing_of(state: &Parts, visitor: &Visitor, key: CaseKey) -> Result<Standing, CaseworkError> {
    let stored = store::cases::find(state.db.reader(), key).await?.ok_or(CaseworkError::NotFound)?;
    standing(state.db.reader(), visitor, &stored).await
}

/// As [`standing_of`], for a case that is at hand; a stranger finds nothing.
pub(super) async fn standing(
    db: &impl Connection,
    visitor: &Visitor,
    stored: &StoredCase,
) -> Result<Standing, CaseworkError> {
    let committees = store::committees::chain(db, stored.case.committee_id).await?;
    let standing = visitor.standing(stored, &committees);
    if standing.may_see() { Ok(standing) } else { Err(CaseworkError::NotFound) }
}

/// What a visitor wants to do to a case.
#[derive(Debug, Clone)]
pub struct Order {
    /// The action with its inputs.
    pub command: Command,
    /// The version that the visitor has seen, if he says so.
    pub seen_version: Option<i32>,
    /// What makes a repetition harmless, if the visitor wants so.
    pub request: Option<idempotency::Request>,
}

/// Does one action, and gives the case afterwards as it is sent.
///
/// # Errors
/// See [`CaseworkError`]; nothing has changed then.
pub async fn act(
    state: &AppState,
    visitor: &Visitor,
    id: CaseId,
    order: Order,
) -> Result<Box<RawValue>, CaseworkError> {
    let request = order.request.clone();
    let mut committee_id = None;
    let written = idempotency::once(state, request.as_ref(), idempotency::OK, async |tx| {
        let view = act_in(state, tx, visitor, id, order).await?;
        committee_id = Some(view.stored.case.committee_id);
        Ok::<_, CaseworkError>(to_raw_value(&CaseBody::from(view)).map_err(IdempotencyError::from)?)
    })
    .await?;
    // A repetition has changed nothing.
    if let Some(committee_id) = committee_id {
        state.jobs.wake();
        state.boards.forget(committee_id);
    }
    Ok(written)
}

async fn act_in(
    state: &AppState,
    tx: &Transaction,
    visitor: &Visitor,
    id: CaseId,
    order: Order,
) -> Result<CaseView, CaseworkError> {
    let now = state.clock.now();
    let calendar = state.calendars.current();
    let (stored, wanted) = merging::lock(tx, id, &order.command).await?;
    let stored = stored.ok_or(CaseworkError::NotFound)?;
    let standing = standing(tx, visitor, &stored).await?;
    if order.seen_version.is_some_and(|seen| seen != stored.case.version) && standing.is_staff() {
        let current = case_view::assemble(state, tx, stored, standing).await?;
        return Err(CaseworkError::VersionConflict { current: Box::new(current) });
    }
    let terms = store::case_terms::find(tx, stored.case.station_id, stored.category_id).await?;
    let others = merging::others(tx, visitor, &stored, wanted, &order.command).await?;
    let presence = match order.command {
        Command::Reopen { .. } | Command::Unmerge => {
            store::absences::presence(tx, stored.case.member_id, now).await?
        }
        _ => Presence::Here,
    };
    let context = others.put_into(terms::context(&calendar, terms, now));
    let submitted = sign_off::find(tx, &stored.case).await?;
    let context =
        Context { presence, submitted: submitted.as_ref().map(|answer| &answer.event.body), ..context };
    let mut decision =
        case::decide(&stored.case, &order.command, standing, &context).map_err(|error| match error {
            CaseError::WrongState { state, action } => CaseworkError::WrongState {
                state,
                action,
                allowed_actions: case::allowed_actions(&stored.case, standing, &context),
            },
            other => CaseworkError::Refused(other),
        })?;
    check_department(tx, stored.case.committee_id, &order.command).await?;
    let account_id = visitor.caller.as_ref().map(|caller| caller.account_id);
    let seq = decision.case.event_seq;
    crate::service::uploads::claim(tx, order.command.uploads(), id, seq, account_id).await?;
    answers::keep_correction(tx, &mut decision, &order.command, account_id, now).await?;
    let author = sign_off::take_over(tx, &decision, submitted.as_ref(), account_id).await?;
    answers::keep_response(state, tx, &decision, author).await?;
    answers::keep(state, tx, id, &order.command, now).await?;
    if ends_draft(&order.command) {
        store::drafts::remove(tx, id).await?;
    }
    sign_off::give_back(tx, &decision, submitted.as_ref(), now).await?;
    apply(state, tx, &decision, account_id, case::next_wake_at(&decision.case, &context), now).await?;
    merging::catch_up(state, tx, &others).await?;
    let after = StoredCase { case: decision.case, updated_at: now, ..stored };
    Ok(case_view::assemble(state, tx, after, standing).await?)
}

/// A draft ends when the answer is sent, and with a case that will get none.
const fn ends_draft(command: &Command) -> bool {
    matches!(
        command,
        Command::Respond { .. } | Command::Uphold { .. } | Command::Reject { .. } | Command::Withdraw { .. }
    )
}

/// A case is dispatched to an open department of its committee, or of one above or below: a foreign one
/// would read it.
async fn check_department(
    db: &impl Connection,
    committee_id: CommitteeId,
    command: &Command,
) -> Result<(), CaseworkError> {
    let wanted: Vec<(DepartmentId, String)> = match command {
        Command::Dispatch { department_id, .. } | Command::RedirectPart { department_id, .. } => {
            vec![(*department_id, "/department_id".to_owned())]
        }
        Command::Split { parts } => {
            let pointers = (0..).map(|index: usize| format!("/parts/{index}/department_id"));
            parts.iter().map(|part| part.department_id).zip(pointers).collect()
        }
        _ => return Ok(()),
    };
    let mut committees = store::committees::chain(db, committee_id).await?;
    committees.extend(store::committees::subtree(db, &[committee_id]).await?);
    for (id, pointer) in wanted {
        if !store::case_terms::is_open_department(db, id, &committees).await? {
            return Err(CaseworkError::UnknownDepartment { pointer });
        }
    }
    Ok(())
}

/// Saves a decision: the case, its new events, and a job for everybody whom they concern.
///
/// # Errors
/// The database does not answer.
pub async fn apply(
    state: &Parts,
    tx: &Transaction,
    decision: &Decision,
    account_id: Option<AccountId>,
    wake_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let case = &decision.case;
    store::cases::save(tx, case, wake_at, now).await?;
    let count = i32::try_from(decision.events.len()).unwrap_or(i32::MAX);
    for (seq, event) in (case.event_seq - count + 1..).zip(&decision.events) {
        store::cases::append_event(tx, case.id, seq, event, account_id).await?;
        let job = Job::NotifyCase { case_id: case.id, seq };
        let new = NewJob { id: state.ids.next(), job: &job, run_at: now, dedupe_key: None, created_at: now };
        store::outbox::enqueue(tx, new).await?;
    }
    merging::pass_on(state, tx, decision).await
}

/// Lets time work on one case; tells whether there was something to do.
///
/// # Errors
/// The database does not answer, or the case is inconsistent.
pub async fn tick_one(state: &AppState, id: CaseId) -> Result<bool, StoreError> {
    let now = state.clock.now();
    let calendar = state.calendars.current();
    let tx = state.db.begin().await?;
    let Some(stored) = store::cases::lock(&tx, id).await? else { return Ok(false) };
    let terms = store::case_terms::find(&tx, stored.case.station_id, stored.category_id).await?;
    let context = terms::context(&calendar, terms, now);
    let ticked = case::tick(&stored.case, &context);
    let case = ticked.as_ref().map_or(&stored.case, |decision| &decision.case);
    let wake_at = case::next_wake_at(case, &context);
    match &ticked {
        Some(decision) => {
            answers::keep_question(&tx, &decision.case, &decision.events).await?;
            apply(state, &tx, decision, None, wake_at, now).await?;
        }
        // Nothing was due after all (the calendar has changed): the case sleeps on.
        None => store::cases::save(&tx, case, wake_at, stored.updated_at).await?,
    }
    tx.commit().await?;
    Ok(ticked.is_some())
}
