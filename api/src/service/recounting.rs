//! Counts the deadlines of open cases again, after a year of the calendar has come or was corrected.
//!
//! There may be very many: each run of the job takes some, each case under its own lock and in its own
//! transaction, and notes how far it has come. What it counts follows from a case's history alone
//! (`domain::case::recount`), so that doing it twice, or again after a crash, changes nothing more.
//!
//! Other processes learn of a calendar a minute late. What they set running by the old one meanwhile is
//! found by a second pass, after [`SETTLED_AFTER`].

use std::error::Error as StdError;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::case::{self, Decision, Recount};
use domain::ids::{CaseId, RevisionId};
use entity::calendar_revision;

use crate::jobs::{Job, JobError};
use crate::service::terms::RefreshError;
use crate::service::{casework, reception_planner, terms};
use crate::state::{AppState, Parts};
use crate::store::cases::{CaseKey, Readers, StoredCase};
use crate::store::outbox::NewJob;
use crate::store::{self, Connection, StoreError, Transaction, case_wakes, moved_deadlines, rows};

/// When every process knows a calendar.
const SETTLED_AFTER: TimeDelta = TimeDelta::minutes(2);
/// How many cases are looked up at once.
const BATCH: u64 = 100;
/// How many batches one run takes at most.
const BATCHES: usize = 10;
/// After this time a run takes no more, so that it ends long before its lease.
const LONGEST_RUN: Duration = Duration::from_secs(60);
/// When a run goes on after the database did not answer.
const WHEN_BUSY: TimeDelta = TimeDelta::seconds(5);

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

/// One walk through the open cases.
struct Pass {
    revision_id: RevisionId,
    source: String,
    after: Option<CaseId>,
    failed: i32,
}

/// Goes on where the run before has stopped: moves the reception days first, then some cases. An import that
/// was followed by another one leaves the rest to it.
///
/// # Errors
/// The database does not answer. What was counted until then stays so.
pub async fn go_on(state: &AppState, id: RevisionId) -> Result<(), JobError> {
    let started = Instant::now();
    terms::refresh(state).await?;
    let found: Option<calendar_revision::Model> = rows::find(state.db.reader(), id).await?;
    let Some(revision) = found.filter(|revision| revision.finished_at.is_none()) else { return Ok(()) };
    if store::calendar::is_followed(state.db.reader(), id).await? {
        return Ok(store::calendar::finish(state.db.reader(), id, state.clock.now()).await?);
    }
    let source = store::calendar::year_table(&revision)?.source;
    let (after, failed) = (revision.after_case_id, revision.failed);
    let mut pass = Pass { revision_id: id, source, after, failed };
    if after.is_none() {
        reception_planner::plan_all(state).await?;
        pass.failed = 0;
    }
    for batch in 0..BATCHES {
        match next_batch(state, &mut pass).await {
            Ok(true) if started.elapsed() < LONGEST_RUN => {}
            Ok(true) => break,
            Ok(false) => return Ok(end_pass(state, &revision, pass.failed).await?),
            Err(StoreError::Unavailable(error)) if batch > 0 => {
                // Some way has been made: this is no failure of the job, which would be given up some day.
                tracing::warn!(%id, error = &error as &dyn StdError, "counting again goes on later");
                return Ok(schedule(state, id, WHEN_BUSY).await?);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(schedule(state, id, TimeDelta::zero()).await?)
}

async fn schedule(state: &AppState, id: RevisionId, wait: TimeDelta) -> Result<(), StoreError> {
    let tx = state.db.begin().await?;
    enqueue(state, &tx, id, wait).await?;
    tx.commit().await?;
    state.jobs.wake();
    Ok(())
}

/// Counts some more cases again; `false` when there are none left.
async fn next_batch(state: &AppState, pass: &mut Pass) -> Result<bool, StoreError> {
    let batch = moved_deadlines::list_open_cases(state.db.reader(), pass.after, BATCH).await?;
    let Some(last) = batch.last().copied() else { return Ok(false) };
    let mut failed = pass.failed;
    for case_id in batch {
        failed += i32::from(!recount_or_report(state, pass, case_id).await?);
    }
    (pass.after, pass.failed) = (Some(last), failed);
    store::calendar::set_progress(state.db.reader(), pass.revision_id, pass.after, failed).await?;
    Ok(true)
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
async fn recount_or_report(state: &AppState, pass: &Pass, case_id: CaseId) -> Result<bool, StoreError> {
    match recount_one(state, pass, case_id).await {
        Ok(()) => Ok(true),
        Err(error @ StoreError::Unavailable(_)) => Err(error),
        Err(error) => {
            let error: &dyn StdError = &error;
            tracing::error!(%case_id, error, "the deadlines of a case could not be counted again");
            Ok(false)
        }
    }
}

/// Most cases keep what they have: those are looked at without a lock, which others would wait for.
async fn recount_one(state: &AppState, pass: &Pass, id: CaseId) -> Result<(), StoreError> {
    let db = state.db.reader();
    let found = store::cases::find(db, CaseKey::Id(id)).await?;
    let Some(counted) = count(state, db, found, &pass.source).await? else { return Ok(()) };
    if !counted.has_changed() && case_wakes::find(db, id).await? == counted.wake_at {
        return Ok(());
    }
    let tx = state.db.begin().await?;
    let found = store::cases::lock(&tx, id).await?;
    let Some(counted) = count(state, &tx, found, &pass.source).await? else { return Ok(()) };
    let Counted { before, recount, wake_at } = counted;
    if !recount.events.is_empty() {
        let decision = Decision { case: recount.case, events: recount.events };
        casework::apply(state, &tx, &decision, None, wake_at, state.clock.now()).await?;
        moved_deadlines::keep(&tx, pass.revision_id, id, &recount.moved).await?;
    } else {
        store::cases::save(&tx, &recount.case, wake_at, before.updated_at).await?;
    }
    Ok(tx.commit().await?)
}

/// A case, before and after it was counted again.
struct Counted {
    before: StoredCase,
    recount: Recount,
    wake_at: Option<DateTime<Utc>>,
}

impl Counted {
    fn has_changed(&self) -> bool {
        self.recount.case != self.before.case
    }
}

/// Counts a case again, if it is still open.
async fn count(
    state: &Parts,
    db: &impl Connection,
    found: Option<StoredCase>,
    source: &str,
) -> Result<Option<Counted>, StoreError> {
    let Some(before) = found.filter(|found| found.case.ended_at.is_none()) else { return Ok(None) };
    let (calendar, calendars) = (state.calendars.current(), state.calendars.history());
    let id = before.case.id;
    let all = u64::try_from(before.case.event_seq).unwrap_or_default();
    let history = store::cases::list_events(db, id, Readers::Staff, 0, all).await?;
    let history: Vec<_> = history.into_iter().map(|stored| stored.event).collect();
    let terms = store::case_terms::find(db, before.case.station_id, before.category_id).await?;
    let context = terms::context(&calendar, terms, state.clock.now());
    let recount = case::recount(&before.case, &history, &calendars, &context, source)
        .ok_or_else(|| StoreError::inconsistent("case_events", id, "the history has no intake"))?;
    let wake_at = case::next_wake_at(&recount.case, &context);
    Ok(Some(Counted { before, recount, wake_at }))
}
