//! `GET|POST /wechat/callback`: WeChat's message push.

use actix_web::{HttpResponse, get, post, web};

use crate::error::{ApiError, ErrorCode};
use crate::routes::body;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::service::pushes::{self, PushError};
use crate::state::AppState;
use crate::wechat::{PushFault, PushQuery};

/// The largest push; real ones have some hundred bytes.
const MOST_BYTES: usize = 64 * 1024;

/// Answers WeChat's question whether we are we, with the word that it sent.
#[get("/wechat/callback")]
pub async fn verify_push(
    state: web::Data<AppState>,
    address: ClientAddress,
    query: web::Query<PushQuery>,
) -> Result<HttpResponse, ApiError> {
    match pushes::verify(&state, &query) {
        Ok(word) => Ok(HttpResponse::Ok().content_type("text/plain").body(word.to_owned())),
        Err(error) => Err(refuse(&state, address, error)),
    }
}

/// Takes a push. WeChat waits five seconds for `success`, and tries three times.
#[post("/wechat/callback")]
pub async fn receive_push(
    state: web::Data<AppState>,
    address: ClientAddress,
    query: web::Query<PushQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let body =
        body::read(payload.into_inner(), MOST_BYTES, || ApiError::new(ErrorCode::BodyTooLarge)).await?;
    match pushes::receive(&state, &query, &body).await {
        Ok(()) => Ok(HttpResponse::Ok().content_type("text/plain").body("success")),
        Err(error) => Err(refuse(&state, address, error)),
    }
}

/// Whoever is not WeChat is counted by address like a reader of public pages; WeChat itself is not.
fn refuse(state: &AppState, address: ClientAddress, error: PushError) -> ApiError {
    let refused = match error {
        PushError::NotConfigured => ApiError::new(ErrorCode::NotFound),
        PushError::Fault(fault @ (PushFault::NotSigned | PushFault::TooOld | PushFault::NotForUs)) => {
            ApiError::new(ErrorCode::NotAllowed).source(fault)
        }
        PushError::Fault(fault @ PushFault::Unreadable) => ApiError::new(ErrorCode::BadRequest).source(fault),
        PushError::Store(error) => return error.into(),
    };
    guard::read(state, address).err().unwrap_or(refused)
}
