//! Sends a finished document: with its tag, or as 304 to a client that has it already.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};

use crate::service::document::Document;

/// How long a card or page may be shown without asking again. A minute on duty is not a matter of
/// seconds, and a whole stairwell scans at once.
const FRESH: HeaderValue = HeaderValue::from_static("public, max-age=15");

/// The document, or 304.
pub fn respond(request: &HttpRequest, document: &Document) -> HttpResponse {
    let known = has_it(request, document);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    if let Ok(etag) = HeaderValue::from_maybe_shared(document.etag().clone()) {
        response.insert_header((ETAG, etag));
    }
    response.insert_header((CACHE_CONTROL, FRESH));
    if known {
        return response.finish();
    }
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json")));
    response.body(document.json().clone())
}

/// Weak comparison (RFC 9110, section 13.1.2): a proxy may have weakened the tag.
fn has_it(request: &HttpRequest, document: &Document) -> bool {
    let values = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == document.etag().as_ref())
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn who_has_the_document_is_told_so_and_nothing_more() {
        let document = Document::of(&1).unwrap();
        let tag = String::from_utf8(document.etag().to_vec()).unwrap();
        let status = |given: Option<String>| {
            let mut request = TestRequest::default();
            if let Some(given) = given {
                request = request.insert_header((IF_NONE_MATCH, given));
            }
            let response = respond(&request.to_http_request(), &document);
            assert_eq!(response.headers().get(ETAG).unwrap().to_str().unwrap(), tag);
            response.status()
        };

        assert_eq!(status(None), StatusCode::OK);
        assert_eq!(status(Some("\"another\"".to_owned())), StatusCode::OK);
        assert_eq!(status(Some(tag.clone())), StatusCode::NOT_MODIFIED);
        assert_eq!(status(Some(format!("\"another\", W/{tag}"))), StatusCode::NOT_MODIFIED);
        assert_eq!(status(Some("*".to_owned())), StatusCode::NOT_MODIFIED);
    }
}
