//! `POST /committees/{id}/committees`

use actix_web::{HttpResponse, post, web};
use domain::ids::CommitteeId;
use domain::text::Name;
use domain::vocabulary::Level;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::administration::committees::{self, CommitteeRecord};
use crate::state::AppState;

/// A new committee.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCommittee {
    /// As it is called; at most 60 characters.
    name: String,
    /// Its level, below that of the committee above.
    level: Level,
}

problems!(Problems: IdempotencyKeyReused);

/// Founds a committee below this one. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "create_committee",
    params(("id" = CommitteeId, Path, description = "The committee above."), IdempotencyKeyHeader),
    request_body = NewCommittee,
    responses((status = 201, description = "The new committee.", body = CommitteeRecord), Problems),
    security(("account" = []))
)]
#[post("/committees")]
pub async fn create_committee(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    key: MaybeIdempotencyKey,
    body: Body<NewCommittee>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let request = key.request("committees/committees", Some(caller.account_id), &content);
    let mut fields = Fields::default();
    let name = fields.text("/name", &body.value.name, Name::parse);
    let (name, level) = (fields.finish(name)?, body.value.level);
    let made = committees::found_below(&state, &caller, *id, name, level, request.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}
