//! Takes due jobs of the outbox and performs a few at a time, until told to stop.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Tick;
use super::handle::{Handler, LEASE, attempt, ensure_periodic, handlers};
use crate::state::AppState;
use crate::store::{StoreError, outbox};

/// How long a due job may lie when no bell rings: it came from another process, or from time.
const POLL: Duration = Duration::from_secs(1);

/// The job runner of one process.
pub struct Runner {
    state: AppState,
    handler: Handler,
    ticks: Vec<Tick>,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("ticks", &self.ticks).finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner with the service's handlers, and this process's small work.
    #[must_use]
    pub fn new(state: AppState, ticks: Vec<Tick>) -> Self {
        Self { state, handler: handlers(), ticks }
    }

    #[cfg(test)]
    pub(super) fn with_handler(state: AppState, handler: Handler) -> Self {
        Self { state, handler, ticks: Vec::new() }
    }

    /// Runs until `stop`, finishes what has begun, then runs every [`Tick`] a last time.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticking = JoinSet::new();
        for tick in self.ticks.iter().copied() {
            ticking.spawn(keep_ticking(self.state.clone(), tick, stop.clone()));
        }
        let mut running = JoinSet::new();
        let mut reachable = true;
        let mut planned = false;
        while !stop.is_cancelled() {
            match self.take(&mut running, &mut planned).await {
                Ok(()) if !reachable => {
                    tracing::info!("the outbox answers again");
                    reachable = true;
                }
                Ok(()) => {}
                Err(error) => {
                    if reachable {
                        tracing::error!(
                            error = &error as &dyn std::error::Error,
                            "the outbox does not answer"
                        );
                    }
                    reachable = false;
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = self.state.jobs.rung() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        while running.join_next().await.is_some() {}
        while ticking.join_next().await.is_some() {}
    }

    /// Starts as many due jobs as there are free hands. The periodic ones are planned once, as
    /// soon as the database answers.
    async fn take(&self, running: &mut JoinSet<()>, planned: &mut bool) -> Result<(), StoreError> {
        let state = &self.state;
        let now = state.clock.now();
        if !*planned {
            ensure_periodic(&state.db, &state.ids, now).await?;
            *planned = true;
        }
        let free = state.config.jobs.parallel.saturating_sub(running.len());
        let free = u64::try_from(free).unwrap_or(0);
        if free == 0 {
            return Ok(());
        }
        for claimed in outbox::claim(&state.db, now, state.ids.next(), LEASE, free).await? {
            let (state, handler) = (state.clone(), self.handler.clone());
            running.spawn(async move {
                if let Err(error) = attempt(&state, &handler, claimed).await {
                    // The lease expires, and the job is tried again.
                    tracing::error!(error = &error as &dyn std::error::Error, "a job's end was not written");
                }
            });
        }
        Ok(())
    }
}

async fn keep_ticking(state: AppState, tick: Tick, stop: CancellationToken) {
    loop {
        let last = tokio::select! {
            () = stop.cancelled() => true,
            () = tokio::time::sleep(tick.every) => false,
        };
        // A panic ends this run alone: the task around it is the boundary.
        if tokio::spawn((tick.run)(state.clone())).await.is_err() {
            tracing::error!(tick = tick.name, "a tick panicked");
        }
        if last {
            return;
        }
    }
}
