//! `GET /tracking/{number}`: one case by the number on its slip.

use actix_web::{HttpResponse, get, web};
use domain::case::CaseNumber;

use super::show_case::answer;
use crate::error::{ApiError, ErrorCode};
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::service::case_body::CaseBody;
use crate::service::casework;
use crate::service::visitor::Visitor;
use crate::state::AppState;
use crate::store::cases::CaseKey;

/// A case by its number, with its ticket or by its resident's account.
#[utoipa::path(
    tag = "cases", operation_id = "track_case",
    params(("number" = String, Path, description = "Ten digits; blanks and hyphens are skipped.")),
    responses((status = 200, body = CaseBody)),
    security(("ticket" = []), ("account" = []))
)]
#[get("/{number}")]
pub async fn track_case(
    state: web::Data<AppState>,
    visitor: Visitor,
    address: ClientAddress,
    number: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    guard::tracking(&state, &visitor, address).await?;
    let number: CaseNumber = number.parse().map_err(|error| {
        ApiError::new(ErrorCode::NotFound).detail("编号有误，请核对后重新输入。").source(error)
    })?;
    Ok(answer(casework::show(&state, &visitor, CaseKey::Number(number)).await?))
}
