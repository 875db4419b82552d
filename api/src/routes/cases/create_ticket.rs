//! `POST /cases/{id}/tickets`

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, post, web};
use domain::ids::CaseId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::slips::{self, IssuedTicket};
use crate::service::visitor::Visitor;
use crate::state::AppState;

problems!(Problems: NotAllowed, TicketNotNeeded, IdempotencyKeyReused);

/// Gives a case without an account a new ticket: the slip is lost, or was never printed. The ticket before
/// opens nothing any more, and the history says that a new one was given. For who runs the station.
#[utoipa::path(
    tag = "cases", operation_id = "create_case_ticket",
    params(("id" = CaseId, Path), IdempotencyKeyHeader),
    responses((status = 201, body = IssuedTicket), Problems),
    security(("account" = []))
)]
#[post("/tickets")]
pub async fn create_case_ticket(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CaseId>,
    key: MaybeIdempotencyKey,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let key = key.request("cases/tickets", Some(caller.account_id), id.0.as_bytes());
    let visitor = Visitor { caller: Some(caller), ticket: None };
    let ticket = slips::issue_ticket(&state, &visitor, *id, key.as_ref()).await?;
    Ok(HttpResponse::Created().insert_header((CACHE_CONTROL, "no-store")).json(ticket))
}
