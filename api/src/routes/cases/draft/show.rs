//! `GET /cases/{id}/draft`: the draft as it is.

use actix_web::http::header::{CACHE_CONTROL, ETAG};
use actix_web::{HttpResponse, get, web};
use domain::ids::CaseId;

use super::DraftProblems;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::if_match::etag;
use crate::service::drafts::{self, Draft};
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// The draft of the answer, for those who may answer: the case's member and its managers.
#[utoipa::path(
    tag = "drafts", operation_id = "show_draft", params(("id" = CaseId, Path)),
    responses((status = 200, body = Draft, headers(("ETag" = String, description = "The version."))), DraftProblems),
    security(("account" = []))
)]
#[get("/draft")]
pub async fn show_draft(
    state: web::Data<AppState>,
    visitor: Visitor,
    id: web::Path<CaseId>,
) -> Result<HttpResponse, ApiError> {
    guard::visit(&state, &visitor)?;
    Ok(answer(&drafts::show(&state, &visitor, *id).await?))
}

/// A draft with its `ETag`; it is nobody else's to keep.
pub(super) fn answer(draft: &Draft) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((ETAG, etag(draft.version)))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(draft)
}
