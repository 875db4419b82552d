//! `/handovers`: a shift that is offered to a colleague, and the answer.

mod accept;
mod decline;
mod withdraw;

use actix_web::HttpResponse;
use domain::ids::HandoverId;

use super::idempotency_key::MaybeIdempotencyKey;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::map::RouteMap;
use crate::service::handovers::{self, Reply};
use crate::state::AppState;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(accept::accept_handover)
        .service(decline::decline_handover)
        .service(withdraw::withdraw_handover);
}

/// Ends an offer one way or another.
async fn answer(
    state: &AppState,
    caller: &Caller,
    id: HandoverId,
    reply: Reply,
    key: MaybeIdempotencyKey,
) -> Result<HttpResponse, ApiError> {
    guard::account(state, caller)?;
    let call = match reply {
        Reply::Accept => "handovers/accept",
        Reply::Decline => "handovers/decline",
        Reply::Withdraw => "handovers/withdraw",
    };
    let key = key.request(call, Some(caller.account_id), id.0.as_bytes());
    let handover = handovers::reply(state, caller, id, reply, key.as_ref()).await?;
    Ok(HttpResponse::Ok().json(handover))
}
