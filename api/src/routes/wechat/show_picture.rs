//! `GET /mc/{secret}.jpg`: a picture that WeChat checks, whole or in part, without redirect.

use std::ops::Range;

use actix_web::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use actix_web::{HttpRequest, HttpResponse, get, web};

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::service::content;
use crate::state::AppState;

/// The picture, as long as its check needs it. Whoever answers a GET answers a HEAD, with the same length.
#[get("/mc/{secret}.jpg")]
pub async fn show_picture(
    request: HttpRequest,
    state: web::Data<AppState>,
    address: ClientAddress,
    secret: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let file = content::open_linked(&state, &secret).await?;
    let length = file.len();
    let wanted = request.headers().get(RANGE).and_then(|value| value.to_str().ok());
    let (mut response, part) = match wanted.map(|wanted| range(wanted, length)) {
        None | Some(Wanted::All) => (HttpResponse::Ok(), 0..length),
        Some(Wanted::Part(part)) => (HttpResponse::PartialContent(), part),
        Some(Wanted::Nothing) => {
            let unsatisfied = (CONTENT_RANGE, format!("bytes */{length}"));
            return Ok(HttpResponse::RangeNotSatisfiable().insert_header(unsatisfied).finish());
        }
    };
    if part.len() < length {
        let (first, last) = (part.start, part.end.saturating_sub(1));
        response.insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{length}")));
    }
    let accepted =
        response.insert_header((CONTENT_TYPE, "image/jpeg")).insert_header((ACCEPT_RANGES, "bytes"));
    Ok(accepted.body(file.slice(part)))
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// All of it: the header can't be read, or asks for several parts, which nobody has to give (RFC 9110,
    /// section 14.2).
    All,
    /// One part.
    Part(Range<usize>),
    /// What is not there.
    Nothing,
}

fn range(header: &str, length: usize) -> Wanted {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|part| part.split_once('-')) else {
        return Wanted::All;
    };
    let (first, last) = (first.trim(), last.trim());
    let part = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return Wanted::All,
    };
    if part.start < part.end { Wanted::Part(part) } else { Wanted::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_is_given_as_asked_for() {
        assert_eq!(range("bytes=0-9", 100), Wanted::Part(0..10));
        assert_eq!(range("bytes=90-", 100), Wanted::Part(90..100));
        assert_eq!(range("bytes=-10", 100), Wanted::Part(90..100));
        assert_eq!(range("bytes=50-999999999999", 100), Wanted::Part(50..100));
        assert_eq!(range("bytes=-500", 100), Wanted::Part(0..100));
    }

    #[test]
    fn what_is_not_there_is_not_given_and_what_can_not_be_read_is_not_heeded() {
        for header in ["bytes=100-", "bytes=200-300", "bytes=-0"] {
            assert_eq!(range(header, 100), Wanted::Nothing, "{header}");
        }
        for header in ["bytes=0-1,5-6", "items=0-1", "bytes=9-1", "bytes=a-b", "", "bytes=-"] {
            assert_eq!(range(header, 100), Wanted::All, "{header}");
        }
    }
}
