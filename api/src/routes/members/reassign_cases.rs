//! `POST /members/{id}/reassign-cases`

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
use crate::service::assignment::{self, CaseloadOrder, MovedCases};
use crate::state::AppState;

/// Who takes a member's cases, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseloadBody {
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
    operation_id = "reassign_member_cases",
    params(("id" = MemberId, Path, description = "The member.")),
    request_body = CaseloadBody,
    responses((status = 200, description = "What became of them.", body = MovedCases)),
    security(("account" = []))
)]
#[post("/reassign-cases")]
pub async fn reassign_member_cases(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MemberId>,
    body: Body<CaseloadBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let reason = fields.text("/reason", &body.value.reason, Reason::parse);
    let CaseloadBody { to_member_id, rehome_codes, .. } = body.value;
    let order = fields.finish(reason.map(|reason| CaseloadOrder { to_member_id, reason, rehome_codes }))?;
    Ok(HttpResponse::Ok().json(assignment::move_cases(&state, &caller, *id, &order).await?))
}
