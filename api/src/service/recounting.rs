//! Counts the deadlines of open cases again, after a year of the calendar has come or was corrected.
//!
//! There may be very many: each run of the job takes some, each case under its own lock and in its own
//! transaction, and notes how far it has come. What it counts follows from a case's history alone
//! (`domain::case::recount`), so that doing it twice, or again after a crash, changes nothing more.
//!
//! Other processes learn of a calendar a minute late. What they set running by the old one meanwhile is
//! found by a second pass, after [`SETTLED_AFTER`].

use chrono::TimeDelta;
use domain::case::{self, Decision};
use domain::ids::{CaseId, RevisionId};
use entity::calendar_revision;

use crate::jobs::{Job, JobError};
use crate::service::terms::RefreshError;
use crate::service::{casework, reception_planner, terms};
use crate::state::{AppState, Parts};
use crate::store::cases::Readers;
use crate::store::outbox::NewJob;
use crate::store::{self, StoreError, Transaction, case_wakes, moved_deadlines, rows};

/// When every process knows a calendar.
const SETTLED_AFTER: TimeDelta = TimeDelta::minutes(2);
/// How many cases are looked up at once.
const BATCH: u64 = 100;
/// How many batches one run takes, so that it ends long before its lease.
const BATCHES: usize = 10;

/// Has the open cases counted again, in the transaction that brings the year.
///
/// # Errors
/// The database does not answer.
pub(super) async fn begin(state: &Parts, tx: &Transaction, id: RevisionId) -> Result<(), StoreError> {
    enqueue(state, tx, id, TimeDelta::zero()).await
}

async fn enqueue(
    state: &Parts,
    tx: &Transaction,
    revision_id: RevisionId,
    wait: TimeDelta,
) -> Result<(), StoreError> {
    let now = state.clock.now();
    let job = Job::RecountDeadlines { revision_id };
    let run_at = now + wait;
    let new = NewJob { id: state.ids.next(), job: &job, run_at, dedupe_key: None, created_at: now };
    store::outbox::enqueue(tx, new).await?;
    Ok(())
}

impl From<RefreshError> for JobError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Store(error) => error.into(),
            RefreshError::Calendar(error) => Self::fail(error),
        }
    }
}

/// Goes on where the run before has stopped: moves the reception days first, then some cases.
///
/// # Errors
/// The database does not answer. What was counted until then stays so.
pub async fn go_on(state: &AppState, id: RevisionId) -> Result<(), JobError> {
    terms::refresh(state).await?;
    let found: Option<calendar_revision::Model> = rows::find(state.db.reader(), id).await?;
    let Some(revision) = found.filter(|revision| revision.finished_at.is_none()) else { return Ok(()) };
    let source = store::calendar::year_table(&revision)?.source;
    let (mut after, mut failed) = (revision.after_case_id, revision.failed);
    if after.is_none() {
        reception_planner::plan_all(state).await?;
        failed = 0;
    }
    for _ in 0..BATCHES {
        let batch = moved_deadlines::list_open_cases(state.db.reader(), after, BATCH).await?;
        let Some(last) = batch.last().copied() else {
            return Ok(end_pass(state, &revision, failed).await?);
        };
        for case_id in batch {
            failed += i32::from(!recount_or_report(state, id, case_id, &source).await?);
        }
        after = Some(last);
        store::calendar::set_progress(state.db.reader(), id, after, failed).await?;
    }
    let tx = state.db.begin().await?;
    enqueue(state, &tx, id, TimeDelta::zero()).await?;
    tx.commit().await.map_err(StoreError::from)?;
    state.jobs.wake();
    Ok(())
}

/// After the first pass there is a second one, once every process knows the calendar.
async fn end_pass(
    state: &AppState,
    revision: &calendar_revision::Model,
    failed: i32,
) -> Result<(), StoreError> {
    let wait = revision.created_at + SETTLED_AFTER - state.clock.now();
    let tx = state.db.begin().await?;
    if wait > TimeDelta::zero() {
        store::calendar::set_progress(&tx, revision.id, None, failed).await?;
        enqueue(state, &tx, revision.id, wait).await?;
    } else {
        store::calendar::finish(&tx, revision.id, state.clock.now()).await?;
    }
    tx.commit().await?;
    state.jobs.wake();
    Ok(())
}

/// A case that can't be counted is reported, and does not stop the others; `false` then.
async fn recount_or_report(
    state: &AppState,
    id: RevisionId,
    case_id: CaseId,
    source: &str,
) -> Result<bool, StoreError> {
    match recount_one(state, id, case_id, source).await {
        Ok(()) => Ok(true),
        Err(error @ StoreError::Unavailable(_)) => Err(error),
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::error!(%case_id, error, "the deadlines of a case could not be counted again");
            Ok(false)
        }
    }
}

async fn recount_one(
    state: &AppState,
    revision_id: RevisionId,
    id: CaseId,
    source: &str,
) -> Result<(), StoreError> {
    let now = state.clock.now();
    let (calendar, calendars) = (state.calendars.current(), state.calendars.history());
    let tx = state.db.begin().await?;
    let Some(stored) = store::cases::lock(&tx, id).await? else { return Ok(()) };
    if stored.case.ended_at.is_some() {
        return Ok(());
    }
    let all = u64::try_from(stored.case.event_seq).unwrap_or_default();
    let history = store::cases::list_events(&tx, id, Readers::Staff, 0, all).await?;
    let history: Vec<_> = history.into_iter().map(|stored| stored.event).collect();
    let terms = store::case_terms::find(&tx, stored.case.station_id, stored.category_id).await?;
    let context = terms::context(&calendar, terms, now);
    let recount = case::recount(&stored.case, &history, &calendars, &context, source)
        .ok_or_else(|| StoreError::inconsistent("case_events", id, "the history has no intake"))?;
    let wake_at = case::next_wake_at(&recount.case, &context);
    if !recount.events.is_empty() {
        let decision = Decision { case: recount.case, events: recount.events };
        casework::apply(state, &tx, &decision, None, wake_at, now).await?;
        moved_deadlines::keep(&tx, revision_id, id, &recount.moved).await?;
    } else if recount.case != stored.case {
        store::cases::save(&tx, &recount.case, wake_at, stored.updated_at).await?;
    } else {
        case_wakes::set(&tx, id, wake_at).await?;
    }
    Ok(tx.commit().await?)
}
