//! `POST /members/{id}/absences`

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use domain::ids::MemberId;
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::absences::{self, NewAbsence};
use crate::state::AppState;

/// A period in which a member takes no cases and does not come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAbsenceBody {
    /// From.
    starts_at: DateTime<Utc>,
    /// Until, exclusive; at most 400 days later.
    ends_at: DateTime<Utc>,
    /// Why, for the member and the manager only; at most 500 characters.
    reason: Option<String>,
}

problems!(Problems: ValidationFailed, IdempotencyKeyReused);

/// Notes an absence; the answer names the shifts that need somebody else. For the member, and for who runs
/// a station of the member.
#[utoipa::path(
    tag = "roster",
    operation_id = "create_absence",
    params(("id" = MemberId, Path, description = "The member."), IdempotencyKeyHeader),
    request_body = NewAbsenceBody,
    responses((status = 201, description = "The absence.", body = NewAbsence), Problems),
    security(("account" = []))
)]
#[post("/absences")]
pub async fn create_absence(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MemberId>,
    key: MaybeIdempotencyKey,
    body: Body<NewAbsenceBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let reason = fields.optional_text("/reason", body.value.reason.as_deref(), Reason::parse);
    fields.check()?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("members/absences", Some(caller.account_id), &content);
    let period = (body.value.starts_at, body.value.ends_at);
    let absence = absences::add(&state, &caller, *id, period, reason, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(absence))
}
