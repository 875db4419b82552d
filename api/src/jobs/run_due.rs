//! Drains what is due, in line: for stories, which never sleep.

use super::handle::{Handler, LEASE, Outcome, attempt, ensure_periodic, handlers};
use crate::state::AppState;
use crate::store::{StoreError, outbox};

/// How the tries of one drain ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunReport {
    /// Jobs that succeeded.
    pub done: u32,
    /// Tries that failed and come again later.
    pub retried: u32,
    /// Jobs that were given up.
    pub dead: u32,
}

/// Performs every job that is due now, periodic ones and those that jobs add included, one after
/// the other.
///
/// # Errors
/// The database does not answer.
pub async fn run_due(state: &AppState) -> Result<RunReport, StoreError> {
    ensure_periodic(&state.db, &state.ids, state.clock.now()).await?;
    drain(state, &handlers()).await
}

pub(super) async fn drain(state: &AppState, handler: &Handler) -> Result<RunReport, StoreError> {
    let mut report = RunReport::default();
    loop {
        let claimed = outbox::claim(&state.db, state.clock.now(), state.ids.next(), LEASE, 1).await?;
        if claimed.is_empty() {
            return Ok(report);
        }
        for job in claimed {
            match attempt(state, handler, job).await? {
                Outcome::Done => report.done += 1,
                Outcome::Retried => report.retried += 1,
                Outcome::Dead => report.dead += 1,
                Outcome::LeaseLost => {}
            }
        }
    }
}
