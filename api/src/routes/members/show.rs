//! `GET /members/{id}`

use actix_web::{HttpRequest, HttpResponse, get, web};
use domain::ids::MemberId;

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::document::respond;
use crate::routes::guard;
use crate::service::directory::{MemberPage, find_member_page};
use crate::state::AppState;

/// The page of a member in office, with the duty times of the next 14 days.
#[utoipa::path(
    tag = "directory",
    operation_id = "show_member",
    params(("id" = MemberId, Path, description = "The member.")),
    responses(
        (status = 200, description = "The page.", body = MemberPage),
        (status = 304, description = "The client has it already (`If-None-Match`)."),
    )
)]
#[get("")]
pub async fn show_member(
    state: web::Data<AppState>,
    address: ClientAddress,
    id: web::Path<MemberId>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    guard::read(&state, address)?;
    let page = find_member_page(&state, *id).await?;
    Ok(respond(&request, &page))
}
