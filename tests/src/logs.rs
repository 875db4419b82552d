//! Listens to the log of the process and keeps its errors: a story that went well logs none.
//!
//! nextest runs every test in a process of its own, so that an error belongs to the story that ran.

use std::fmt::Write;
use std::sync::{Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LISTENING: Once = Once::new();

/// Starts listening, once a process.
pub(crate) fn listen() {
    LISTENING.call_once(|| {
        let registry = tracing_subscriber::registry().with(Errors);
        tracing::subscriber::set_global_default(registry).expect("nobody else listens to the log");
    });
}

/// The errors logged since the last call.
pub(crate) fn take_errors() -> Vec<String> {
    std::mem::take(&mut ERRORS.lock().unwrap_or_else(PoisonError::into_inner))
}

struct Errors;

impl<S: Subscriber> Layer<S> for Errors {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line(format!("{}:", event.metadata().target()));
        event.record(&mut line);
        ERRORS.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }
}

/// The fields of an event in one line.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing into a string does not fail.
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_kept_with_their_fields_and_warnings_are_not() {
        listen();
        tracing::warn!("a warning");
        tracing::error!(status = 503, "request failed");
        let errors = take_errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("request failed") && errors[0].contains("status=503"), "{errors:?}");
        assert!(take_errors().is_empty());
    }
}
