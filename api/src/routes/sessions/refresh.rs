//! `POST /sessions/refresh`

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{self, SessionBody};
use crate::error::{ApiError, ErrorCode};
use crate::routes::body::Body;
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::sessions;
use crate::state::AppState;

/// The longest token that is looked up, in bytes; ours have 32.
const MAX_TOKEN: usize = 128;

/// A refresh token, to be exchanged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The token that the last session came with; good once.
    #[schema(max_length = 128)]
    refresh_token: String,
}

problems!(Problems: RefreshTokenInvalid, AccountDisabled);

/// Exchanges a refresh token for a new session. A token that comes a second time ends its login.
#[utoipa::path(
    tag = "sessions",
    operation_id = "refresh_session",
    request_body = Refresh,
    responses((status = 201, description = "A session.", body = SessionBody), Problems)
)]
#[post("/refresh")]
pub async fn refresh_session(
    app: web::Data<AppState>,
    address: ClientAddress,
    body: Body<Refresh>,
) -> Result<HttpResponse, ApiError> {
    guard::login(&app, address).await?;
    let token = &body.value.refresh_token;
    if token.len() > MAX_TOKEN {
        return Err(ApiError::new(ErrorCode::RefreshTokenInvalid));
    }
    Ok(view::created(sessions::refresh(&app, token).await?))
}
