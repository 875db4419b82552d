//! `POST /members/{id}/codes`

use actix_web::{HttpResponse, post, web};
use domain::ids::{MemberId, StationId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::routes::stations::read_placement;
use crate::service::codes::{IssuedCode, issue_member_code};
use crate::state::AppState;

/// A new code of a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMemberCode {
    /// The station that it hangs at; the first of the member's stations that the caller runs when not given.
    station_id: Option<StationId>,
    /// Where it will hang; at most 200 characters.
    placed_at: Option<String>,
    /// The print run; at most 60 characters.
    batch: Option<String>,
}

problems!(KeyProblems: IdempotencyKeyReused);

/// Issues a code that points to a member. For who runs a station of the member.
#[utoipa::path(
    tag = "codes",
    operation_id = "create_member_code",
    params(("id" = MemberId, Path, description = "The member."), IdempotencyKeyHeader),
    request_body = NewMemberCode,
    responses((status = 201, description = "The new code.", body = IssuedCode), KeyProblems),
    security(("account" = []))
)]
#[post("/codes")]
pub async fn create_member_code(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MemberId>,
    key: MaybeIdempotencyKey,
    body: Body<NewMemberCode>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let placement = read_placement(body.value.placed_at.as_deref(), body.value.batch.as_deref())?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("members/codes", Some(caller.account_id), &content);
    let code =
        issue_member_code(&state, &caller, *id, body.value.station_id, placement, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(code))
}
