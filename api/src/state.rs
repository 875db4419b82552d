//! What every request and every job can reach: one value, built once in [`crate::startup`].

use std::sync::Arc;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::ids::Ids;
use crate::store::Database;

/// The parts of a running service.
#[derive(Debug)]
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: SharedClock,
    /// Ids and random draws.
    pub ids: Ids,
    /// The database.
    pub db: Database,
}

/// The shared handle to all parts.
pub type AppState = Arc<Parts>;
