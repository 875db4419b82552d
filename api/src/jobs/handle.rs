//! One try of one job: perform it, then end, postpone or bury it, all under its lease.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::ConnectionTrait;

use super::{JobError, delay_after};
use crate::ids::Ids;
use crate::service::{
    code_batches, content, deadlines, figure_rolls, merging, messaging, notifications, pushes,
    reception_planner, recounting, searching, sweeps, uploads,
};
use crate::state::AppState;
use crate::store::outbox::{self, Claimed, NewJob};
use crate::store::{Database, Job, StoreError};

/// A lease holds this long: longer than any try, so that it needs no renewal.
pub(super) const LEASE: TimeDelta = TimeDelta::minutes(5);

/// A periodic job that has failed is tried again after its period, and after this time at the latest.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// A try that takes longer has failed.
const LONGEST_TRY: Duration = Duration::from_secs(240);

/// Performs jobs: [`perform`], or a test's.
pub(super) type Handler =
    Arc<dyn Fn(AppState, Job) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// How one try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The work is done.
    Done,
    /// It will be tried again.
    Retried,
    /// It was given up.
    Dead,
    /// Somebody else has the job by now.
    LeaseLost,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Dead => "dead",
            Self::LeaseLost => "lease_lost",
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Interrupted {
    #[error("the handler panicked")]
    Panicked,
    #[error("the handler took too long")]
    TookTooLong,
}

/// The handlers of the service.
pub(super) fn handlers() -> Handler {
    Arc::new(|state, job| perform(state, job).boxed())
}

async fn perform(state: AppState, job: Job) -> Result<(), JobError> {
    match job {
        // Everything that happens to a case comes by here: no second job is needed for the index.
        Job::NotifyCase { case_id, seq } => {
            notifications::notify_case(&state, case_id, seq).await?;
            searching::index_case(&state, case_id).await?;
            content::plan(&state, case_id, seq).await?;
        }
        Job::CheckContent { case_id, seq } => content::check_event(&state, case_id, seq).await?,
        Job::HandlePush { push_id } => pushes::handle(&state, push_id).await?,
        Job::DrawBatch { batch_id, part } => code_batches::go_on(&state, batch_id, part).await?,
        Job::SweepContent => content::sweep_due(&state).await?,
        Job::IndexCases { after } => searching::index_missed(&state, Some(after)).await?,
        Job::SweepSearch => {
            searching::spell_names(&state).await?;
            searching::index_missed(&state, None).await?;
        }
        Job::TellFollowers { case_id, seq } => merging::tell_followers(&state, case_id, seq).await?,
        Job::RecountDeadlines { revision_id } => recounting::go_on(&state, revision_id).await?,
        Job::TickCases => deadlines::tick_due(&state).await?,
        Job::PlanReceptionDays => reception_planner::plan_all(&state).await?,
        Job::SweepUploads => {
            uploads::sweep_unclaimed(&state, state.clock.now()).await?;
            code_batches::sweep(&state).await?;
        }
        Job::SweepKeys => sweeps::sweep_keys(&state).await?,
        Job::SendMessages => messaging::send_due(&state).await?,
        Job::SweepMessages => messaging::sweep(&state).await?,
        Job::RollFigures => figure_rolls::roll_all(&state).await?,
        Job::VerifyFigures => figure_rolls::verify(&state).await?,
    }
    Ok(())
}

/// Tries a claimed job, and writes down how it went.
///
/// # Errors
/// The database does not answer; the lease expires and somebody tries again.
pub(super) async fn attempt(
    state: &AppState,
    handler: &Handler,
    claimed: Claimed,
) -> Result<Outcome, StoreError> {
    let started = Instant::now();
    let kind = claimed.job.as_ref().map_or("unknown", Job::kind);
    let performed = match &claimed.job {
        Ok(job) => guarded(handler(state.clone(), job.clone())).await,
        // A newer version that is being rolled out may know it.
        Err(unknown) => Err(JobError::retry(unknown.to_string())),
    };
    let outcome = settle(state, &claimed, performed).await?;
    let labels = [("kind", kind), ("outcome", outcome.as_str())];
    metrics::histogram!("job_seconds", &labels).record(started.elapsed().as_secs_f64());
    Ok(outcome)
}

/// Turns a panic or a hang into a failure of this one try.
async fn guarded(work: BoxFuture<'static, Result<(), JobError>>) -> Result<(), JobError> {
    match tokio::time::timeout(LONGEST_TRY, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(JobError::retry(Interrupted::Panicked)),
        Err(_) => Err(JobError::retry(Interrupted::TookTooLong)),
    }
}

async fn settle(
    state: &AppState,
    claimed: &Claimed,
    performed: Result<(), JobError>,
) -> Result<Outcome, StoreError> {
    let Claimed { lease, job, attempts } = claimed;
    let periodic = job.as_ref().ok().and_then(Job::period);
    let now = state.clock.now();
    let (held, outcome) = match performed {
        Ok(()) => {
            let transaction = state.db.begin().await?;
            let held = outbox::complete(&transaction, *lease).await?;
            if held
                && let Ok(job) = job
                && let Some(next_run_at) = job.next_run_at(now)
            {
                enqueue_periodic(&transaction, &state.ids, job, now, next_run_at).await?;
            }
            transaction.commit().await?;
            (held, Outcome::Done)
        }
        Err(error) => {
            let reason = error.reason();
            tracing::warn!(kind = job.as_ref().map_or("unknown", Job::kind), attempts, reason, "job failed");
            // A periodic job is never given up: nobody would start it again.
            let again = match (&error, periodic) {
                (_, Some(period)) => Some(period.min(LONGEST_WAIT)),
                (JobError::Retry(_), None) => delay_after(*attempts),
                (JobError::Fail(_), None) => None,
            };
            match again {
                Some(wait) => {
                    let held = outbox::retry(state.db.reader(), *lease, now + wait, &reason).await?;
                    (held, Outcome::Retried)
                }
                None => (outbox::bury(state.db.reader(), *lease, &reason).await?, Outcome::Dead),
            }
        }
    };
    Ok(if held { outcome } else { Outcome::LeaseLost })
}

/// Adds the periodic jobs that are not there yet, due at once.
///
/// # Errors
/// The database does not answer.
pub(super) async fn ensure_periodic(db: &Database, ids: &Ids, now: DateTime<Utc>) -> Result<(), StoreError> {
    for job in Job::PERIODIC {
        enqueue_periodic(db.reader(), ids, job, now, now).await?;
    }
    Ok(())
}

async fn enqueue_periodic(
    db: &impl ConnectionTrait,
    ids: &Ids,
    job: &Job,
    now: DateTime<Utc>,
    run_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let new = NewJob { id: ids.next(), job, run_at, dedupe_key: job.periodic_key(), created_at: now };
    outbox::enqueue(db, new).await
}
