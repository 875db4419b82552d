//! `/codes`: the card behind a printed code, its pictures, and its end.

mod list_unknown;
mod look_query;
mod poster_query;
mod revoke;
mod show_card;
mod show_poster_pdf;
mod show_poster_png;
mod show_qr_png;
mod show_qr_svg;
mod show_scans;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::map::RouteMap;
use crate::service::code_target::TargetError;
use crate::service::codes::CodesError;
use crate::service::scanning::ScanError;

/// `/codes/{token}`: what a scan asks, and so what is asked most. It stands before all prefixes with its
/// whole path, for each prefix that a request goes through costs it two boxes and a list of what lies below.
pub fn scan(routes: &mut RouteMap<'_, '_>) {
    routes.service(show_card::show_card);
}

/// What else lies below `/codes`.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(show_qr_png::show_qr_png)
        .service(show_qr_svg::show_qr_svg)
        .service(show_poster_png::show_poster_png)
        .service(show_poster_pdf::show_poster_pdf)
        .service(show_scans::show_code_scans)
        .service(revoke::revoke_code);
}

/// `/unknown-codes`: what was scanned and never issued.
pub fn unknown(routes: &mut RouteMap<'_, '_>) {
    routes.service(list_unknown::list_unknown_codes);
}

/// A picture of a link never changes; a day is long enough, and a revoked code is soon gone.
fn picture(content_type: &'static str, picture: impl actix_web::body::MessageBody + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(picture)
}

impl From<ScanError> for ApiError {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Unknown => Self::new(ErrorCode::CodeNotFound),
            ScanError::Revoked { replacement: None } => Self::new(ErrorCode::CodeRevoked),
            ScanError::Revoked { replacement: Some(replacement) } => {
                Self::new(ErrorCode::CodeRevoked).with("replacement", replacement)
            }
            ScanError::Store(error) => error.into(),
            ScanError::Unwritable(error) => Self::new(ErrorCode::Internal).source(error),
        }
    }
}

impl From<TargetError> for ApiError {
    fn from(error: TargetError) -> Self {
        match error {
            TargetError::Unknown => Self::new(ErrorCode::CodeNotFound),
            TargetError::Revoked { replacement: None } => Self::new(ErrorCode::CodeRevoked),
            TargetError::Revoked { replacement: Some(replacement) } => {
                Self::new(ErrorCode::CodeRevoked).with("replacement", replacement)
            }
            TargetError::Store(error) => error.into(),
        }
    }
}

impl From<CodesError> for ApiError {
    fn from(error: CodesError) -> Self {
        match error {
            CodesError::Unknown => Self::new(ErrorCode::NotFound),
            CodesError::UnknownCode => Self::new(ErrorCode::CodeNotFound),
            CodesError::NotServing => {
                Self::invalid(vec![FieldError::new("/station_id", "not_serving", "该委员不在这个工作站。")])
            }
            CodesError::BadReplacement(_) => Self::invalid(vec![FieldError::new(
                "/replacement",
                "invalid",
                "替换的二维码不存在、已停用，或就是它本身。",
            )]),
            CodesError::Key(error) => error.into(),
            CodesError::Store(error) => error.into(),
        }
    }
}
