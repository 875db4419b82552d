//! `POST /cases/{id}/reveal-phone`

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, post, web};
use domain::ids::CaseId;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::phone_reveals::{self, RevealedPhone};
use crate::service::visitor::Visitor;
use crate::state::AppState;

problems!(Problems: NotAllowed);

/// The whole phone number of whoever raised a case, to call back. For its member and its station's manager,
/// unless the case is anonymous; each look is written into the audit log.
#[utoipa::path(
    tag = "cases", operation_id = "reveal_case_phone",
    params(("id" = CaseId, Path)),
    responses((status = 200, body = RevealedPhone), Problems),
    security(("account" = []))
)]
#[post("/reveal-phone")]
pub async fn reveal_case_phone(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CaseId>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let visitor = Visitor { caller: Some(caller), ticket: None };
    let revealed = phone_reveals::reveal(&state, &visitor, *id).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(revealed))
}
