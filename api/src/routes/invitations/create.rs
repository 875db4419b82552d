//! `POST /invitations`

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, TimeDelta, Utc};
use domain::role::{Binding, Role};
use domain::text::Phone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Caller;
use crate::error::{ApiError, FieldError};
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::invitations::{self, NewInvitation};
use crate::state::AppState;

/// How long an invitation can be used when nothing is said, in days.
const DEFAULT_DAYS: i64 = 14;
/// The longest that it can be used, in days.
const MAX_DAYS: i64 = 90;

/// An invitation to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationRequest {
    /// The role.
    role: Role,
    /// The member, station, department or committee that it is for.
    scope_id: Uuid,
    /// 1 to 90; 14 when nothing is said.
    #[schema(minimum = 1, maximum = 90)]
    expires_in_days: Option<i64>,
    /// The person's phone number. Whoever shares this number by WeChat needs no code.
    #[schema(max_length = 30)]
    phone: Option<String>,
}

/// An invitation that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationBody {
    /// To be given to the person; it is shown this once.
    pub code: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

impl InvitationRequest {
    fn check(self) -> Result<NewInvitation, ApiError> {
        let mut faults = Vec::new();
        let days = self.expires_in_days.unwrap_or(DEFAULT_DAYS);
        if !(1..=MAX_DAYS).contains(&days) {
            faults.push(FieldError::new("/expires_in_days", "out_of_range", "有效期应为 1 到 90 天。"));
        }
        let phone = self.phone.as_deref().map(Phone::parse);
        if phone == Some(None) {
            faults.push(FieldError::new("/phone", "invalid", "手机号格式不正确。"));
        }
        if !faults.is_empty() {
            return Err(ApiError::invalid(faults));
        }
        let binding = Binding { role: self.role, scope_id: self.scope_id };
        Ok(NewInvitation { binding, life: TimeDelta::days(days), phone: phone.flatten() })
    }
}

problems!(Problems: NotAllowed, NotFound, IdempotencyKeyReused);

/// Invites somebody into a role below the caller's own: an admin into the roles of the committee and
/// those below it, a station's manager into the members of the station.
#[utoipa::path(
    tag = "invitations",
    operation_id = "create_invitation",
    security(("account" = [])),
    params(IdempotencyKeyHeader),
    request_body = InvitationRequest,
    responses((status = 201, description = "The invitation.", body = InvitationBody), Problems)
)]
#[post("")]
pub async fn create_invitation(
    app: web::Data<AppState>,
    caller: Caller,
    key: MaybeIdempotencyKey,
    body: Body<InvitationRequest>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&app, &caller)?;
    let key = key.request("invitations", Some(caller.account_id), &body.bytes);
    let made = invitations::invite(&app, &caller, body.value.check()?, key.as_ref()).await?;
    let body = InvitationBody { code: made.code.as_str().to_owned(), expires_at: made.expires_at };
    Ok(HttpResponse::Created().insert_header((CACHE_CONTROL, "no-store")).json(body))
}
