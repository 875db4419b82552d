//! Logs: one line an event, JSON for machines, with the request's id and without personal data.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

use crate::config::{LogFormat, Telemetry};

/// Starts logging to standard output. A second call in one process changes nothing.
pub fn init(config: &Telemetry) {
    let registry = tracing_subscriber::registry().with(filter(&config.level));
    // Only a second start in one process fails here, and the first one's logging serves it too.
    let _ = match config.format {
        LogFormat::Json => registry
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false))
            .try_init(),
        LogFormat::Text => registry.with(tracing_subscriber::fmt::layer().compact()).try_init(),
    };
}

/// What is logged at this level. Libraries are quieter than we are: a slow query of sqlx would print its
/// parameters.
#[must_use]
pub fn filter(level: &str) -> EnvFilter {
    let directives = format!("{level},sqlx=error,sea_orm=warn,actix_server=warn,hyper=warn,rustls=warn");
    EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"))
}

/// Logs panics like everything else. A message that was put together at run time may hold what
/// somebody wrote: only constant ones are logged.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("-");
        let place = panic.location().map(ToString::to_string);
        tracing::error!(message, place, "panicked");
    }));
}
