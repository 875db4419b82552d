//! Small work of one process that needs no row: it is about this process's memory.

use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::state::AppState;

/// Something every process does at an interval, and once more when it stops.
#[derive(Clone, Copy)]
pub struct Tick {
    /// For logs and metrics.
    pub name: &'static str,
    /// The pause between two runs.
    pub every: Duration,
    /// The work; failures are its own to log.
    pub run: fn(AppState) -> BoxFuture<'static, ()>,
}

impl fmt::Debug for Tick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tick").field("name", &self.name).field("every", &self.every).finish_non_exhaustive()
    }
}
