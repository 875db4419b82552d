//! `PATCH /members/{id}`

use actix_web::{patch, web};
use domain::ids::MemberId;

use super::record::MemberBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::administration::members::{self, MemberRecord};
use crate::state::AppState;

problems!(Problems: HasOpenCases);

/// Changes a member; whoever has open cases can't leave. For the admins of the committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_member",
    params(("id" = MemberId, Path, description = "The member.")),
    request_body = MemberBody,
    responses((status = 200, description = "The member as it is now.", body = MemberRecord), Problems),
    security(("account" = []))
)]
#[patch("")]
pub async fn change_member(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<MemberId>,
    body: Body<MemberBody>,
) -> Result<web::Json<MemberRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let change = body.value.parse()?;
    Ok(web::Json(members::change(&state, &caller, *id, change).await?))
}
