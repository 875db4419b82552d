//! How long requests took, by method, route and status.
//!
//! Every thread keeps the handles that it has used: a request then costs a look-up by its route, and
//! neither labels nor the recorder's own look-up. Routes, methods and statuses are closed lists, so the
//! handles are few.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use metrics::{Histogram, histogram};

/// The handles of one route.
type Handles = Vec<(&'static str, StatusCode, Histogram)>;

thread_local! {
    static HANDLES: RefCell<HashMap<String, Handles>> = RefCell::default();
}

/// Counts one request. The pattern of the route stands for the path: no id, no token.
pub(super) fn record(method: &Method, route: &str, status: StatusCode, took: Duration) {
    let method = label(method);
    HANDLES.with_borrow_mut(|routes| {
        let kept = routes
            .get(route)
            .and_then(|handles| handles.iter().find(|(known, code, _)| *known == method && *code == status));
        if let Some((.., histogram)) = kept {
            return histogram.record(took);
        }
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.as_str().to_owned()),
        ];
        let histogram = histogram!("http_request_seconds", &labels);
        histogram.record(took);
        routes.entry(route.to_owned()).or_default().push((method, status, histogram));
    });
}

/// The method as a label: a caller may send any word, a label takes those that we know.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
