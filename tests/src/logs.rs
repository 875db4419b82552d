//! Listens to the log of the process and keeps its errors: a story that went well logs none. Whatever is logged,
//! at the lowest level that an operator can choose, is searched for what no log may hold.
//!
//! nextest runs every test in a process of its own, so that an error belongs to the story that ran.

use std::fmt::Write;
use std::sync::{Mutex, Once, PoisonError};

use api::telemetry;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::leaks;

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// What was found in the log that must not stand there.
static LEAKS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LISTENING: Once = Once::new();

/// Starts listening, once a process.
pub(crate) fn listen() {
    LISTENING.call_once(|| {
        let registry = tracing_subscriber::registry()
            .with(Leaks.with_filter(telemetry::filter("trace")))
            .with(Errors.with_filter(LevelFilter::ERROR));
        tracing::subscriber::set_global_default(registry).expect("nobody else listens to the log");
    });
}

/// The errors logged since the last call.
pub(crate) fn take_errors() -> Vec<String> {
    std::mem::take(&mut ERRORS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Where in the log something stands that must not.
pub(crate) fn leaks() -> Vec<String> {
    LEAKS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Searches everything.
struct Leaks;

impl Leaks {
    fn search(metadata: &tracing::Metadata<'_>, line: &str) {
        if let Some(what) = leaks::find(line) {
            let place = (metadata.target(), metadata.file().unwrap_or("?"), metadata.line().unwrap_or(0));
            let found = format!("{what}, logged by {} ({}:{}):{line}", place.0, place.1, place.2);
            LEAKS.lock().unwrap_or_else(PoisonError::into_inner).push(found);
        }
    }
}

impl<S: Subscriber> Layer<S> for Leaks {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut line = Line(String::new());
        attributes.record(&mut line);
        Self::search(attributes.metadata(), &line.0);
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        Self::search(event.metadata(), &line.0);
    }
}

/// Keeps errors.
struct Errors;

impl<S: Subscriber> Layer<S> for Errors {
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
