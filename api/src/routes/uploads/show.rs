//! `GET /uploads/{id}/{rendition}`: a picture in one of its sizes.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use domain::ids::UploadId;

use crate::auth::MaybeCaller;
use crate::error::ApiError;
use crate::media::Rendition;
use crate::routes::guard;
use crate::routes::visitor::OfferedTicket;
use crate::service::uploads;
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// The JPEG file of a picture, by its longest side in px. Only for those who may see the picture.
#[utoipa::path(
    tag = "uploads",
    operation_id = "show_upload",
    params(("id" = Uuid, Path, description = "The picture."), ("rendition" = Rendition, Path, description = "The size.")),
    responses((status = 200, description = "The picture.", content_type = "image/jpeg", body = [u8])),
    security((), ("account" = []), ("ticket" = []))
)]
#[get("/{id}/{rendition}")]
pub async fn show_upload(
    state: web::Data<AppState>,
    MaybeCaller(caller): MaybeCaller,
    OfferedTicket(ticket): OfferedTicket,
    path: web::Path<(UploadId, Rendition)>,
) -> Result<HttpResponse, ApiError> {
    let (id, rendition) = path.into_inner();
    let visitor = Visitor { caller, ticket };
    guard::visit(&state, &visitor)?;
    let file = uploads::open(&state, id, rendition, &visitor).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/jpeg"))
        .insert_header((CACHE_CONTROL, "private, max-age=3600"))
        .body(file))
}
