//! `GET /cases/{id}/slip`

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::{HttpResponse, get, web};
use domain::ids::CaseId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::slip_page;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::slips::{self, Slip};
use crate::service::visitor::Visitor;
use crate::state::AppState;

const POLICY: HeaderName = HeaderName::from_static("content-security-policy");

/// In which form the slip is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// Its parts.
    #[default]
    Json,
    /// A page to be printed as it is.
    Html,
    /// The QR code alone, sharp at any size.
    Svg,
    /// The QR code alone, in pixels.
    Png,
}

/// On which paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Paper {
    /// 105 × 148 mm.
    #[default]
    A6,
    /// 148 × 210 mm.
    A5,
}

/// How the slip should look.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SlipQuery {
    /// `json` (when not given), `html`, `svg` or `png`.
    #[param(inline)]
    format: Option<Format>,
    /// `a6` (when not given) or `a5`; for `html`.
    #[param(inline)]
    paper: Option<Paper>,
}

problems!(Problems: NotAllowed, BadRequest);

/// The paper slip of a case, with a QR code by which it can be followed without an account. The case's
/// ticket has to come with the request: only its hash is stored.
#[utoipa::path(
    tag = "cases", operation_id = "show_case_slip",
    params(("id" = CaseId, Path), SlipQuery),
    responses(
        (status = 200, description = "The slip.", content(
            (Slip = "application/json"), (String = "text/html"), (String = "image/svg+xml"), (Vec<u8> = "image/png"),
        )),
        Problems,
    ),
    security(("ticket" = []), ("account" = [], "ticket" = []))
)]
#[get("/slip")]
pub async fn show_case_slip(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
    query: web::Query<SlipQuery>,
) -> Result<HttpResponse, ApiError> {
    guard::visit(&state, &visitor)?;
    let slip = slips::make(&state, &visitor, *id).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store"));
    Ok(match query.format.unwrap_or_default() {
        Format::Json => response.json(slip),
        Format::Html => response
            .insert_header((CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")))
            .insert_header((POLICY, slip_page::policy()))
            .body(slip_page::page(&slip, query.paper.unwrap_or_default())),
        Format::Svg => response.content_type("image/svg+xml").body(slip.qr_svg),
        Format::Png => response.content_type("image/png").body(slips::qr_png(&slip)?),
    })
}
