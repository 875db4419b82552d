//! `POST /handovers/{id}/withdraw`

use actix_web::{HttpResponse, post, web};
use domain::ids::HandoverId;

use super::answer;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::handovers::{Handover, Reply};
use crate::state::AppState;

problems!(Problems: TooLate, NotAllowed, IdempotencyKeyReused);

/// Takes an offer back. For the member who made it.
#[utoipa::path(
    tag = "roster",
    operation_id = "withdraw_handover",
    params(("id" = HandoverId, Path, description = "The offer."), IdempotencyKeyHeader),
    responses((status = 200, description = "The offer.", body = Handover), Problems),
    security(("account" = []))
)]
#[post("/{id}/withdraw")]
pub async fn withdraw_handover(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<HandoverId>,
    key: MaybeIdempotencyKey,
) -> Result<HttpResponse, ApiError> {
    answer(&state, &caller, *id, Reply::Withdraw, key).await
}
