//! `GET /cases/{id}`: one case.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, get, web};
use domain::ids::CaseId;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::if_match::etag;
use crate::service::case_body::CaseBody;
use crate::service::case_view::CaseView;
use crate::service::viewers;
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// A case as far as the caller may see it: its resident (by account or ticket), its member, its
/// station's manager, its department's officer, and the committee. To staff it also tells who else of them
/// has opened it in the last minute (`viewed_by`).
#[utoipa::path(
    tag = "cases", operation_id = "show_case", params(("id" = CaseId, Path)),
    responses((status = 200, body = CaseBody, headers(("ETag" = String, description = "The version.")))),
    security(("account" = []), ("ticket" = []))
)]
#[get("")]
pub async fn show_case(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
) -> Result<HttpResponse, ApiError> {
    guard::visit(&state, &visitor)?;
    Ok(answer(viewers::open(&state, &visitor, *id).await?))
}

/// A case with its `ETag`.
pub(super) fn answer(view: CaseView) -> HttpResponse {
    let body = CaseBody::from(view);
    HttpResponse::Ok().insert_header((ETAG, etag(body.version))).json(body)
}

/// A case that was written before, byte for byte, with its `ETag`.
pub(super) fn with_etag(written: &RawValue) -> HttpResponse {
    #[derive(Deserialize)]
    struct Versioned {
        version: i32,
    }
    let mut response = HttpResponse::Ok();
    if let Ok(case) = serde_json::from_str::<Versioned>(written.get()) {
        response.insert_header((ETAG, etag(case.version)));
    }
    response.content_type("application/json").body(written.get().to_owned())
}
