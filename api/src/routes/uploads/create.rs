//! `POST /uploads`: a picture comes in.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, post, web};

use super::file_part::{self, UploadForm};
use crate::auth::MaybeCaller;
use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::idempotency_key::IdempotencyKey;
use crate::routes::problems::problems;
use crate::service::uploads::{self, Received, UploadError};
use crate::state::AppState;

problems!(CreateUploadProblems: IdempotencyKeyRequired, IdempotencyKeyReused, UnsupportedPicture,
    BrokenPicture, PictureTooLarge);

/// Send one picture: JPEG, PNG or WebP, told by its content. It is turned upright, freed of its
/// metadata and kept as JPEG in two sizes. An upload that no case takes in time is removed.
#[utoipa::path(
    tag = "uploads",
    operation_id = "create_upload",
    params(("Idempotency-Key" = String, Header, description = "1 to 128 visible ASCII characters, new for every picture.")),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The picture was taken in.", body = Received), CreateUploadProblems),
    security((), ("account" = []))
)]
#[post("")]
pub async fn create_upload(
    request: HttpRequest,
    state: web::Data<AppState>,
    address: ClientAddress,
    MaybeCaller(caller): MaybeCaller,
    IdempotencyKey(key): IdempotencyKey,
    form: Multipart,
) -> Result<HttpResponse, ApiError> {
    guard::upload(&state, address).await?;
    let max_bytes = state.config.media.max_bytes;
    let expected = file_part::expected_bytes(&request, max_bytes)?;
    let admission = state.darkroom.admit(expected).await.map_err(|busy| UploadError::Develop(busy.into()))?;
    let content = file_part::read(form, max_bytes).await?;
    let sender = caller.map(|caller| caller.account_id);
    Ok(uploads::receive(&state, sender, key, content, admission).await?.into())
}
