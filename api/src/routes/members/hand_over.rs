//! `POST /members/{id}/handover`

use actix_web::{HttpResponse, post, web};
use domain::ids::MemberId;
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::service::assignment::{self, Handover, HandoverOrder};
use crate::state::AppState;

/// Who takes a member's cases, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverBody {
    /// Who takes them; without one, routing chooses for each, and where nobody is suitable the manager.
    to_member_id: Option<MemberId>,
    /// Why, at most 500 characters; it stands in the history of each case.
    reason: String,
    /// Whether the member's printed codes lead to the station from now on: at the end of a term, not for a
    /// leave.
    #[serde(default)]
    rehome_codes: bool,
}

/// Hands the open cases of a member over to others, up to 200 in one call; a repetition goes on with what is
/// left. For who runs the member's stations.
#[utoipa::path(
    tag = "members",
    operation_id = "hand_over_member",
    params(("id" = MemberId, Path, description = "The member.")),
    request_body = HandoverBody,
    responses((status = 200, description = "What became of them.", body = Handover)),
    security(("account" = []))
)]
#[post("/members/{id}/handover")]
pub async fn hand_over_member(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MemberId>,
    body: Body<HandoverBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let reason = fields.text("/reason", &body.value.reason, Reason::parse);
    let HandoverBody { to_member_id, rehome_codes, .. } = body.value;
    let order = fields.finish(reason.map(|reason| HandoverOrder { to_member_id, reason, rehome_codes }))?;
    Ok(HttpResponse::Ok().json(assignment::hand_over(&state, &caller, *id, &order).await?))
}
