//! `PUT /accounts/{id}/state`

use actix_web::{HttpResponse, put, web};
use domain::ids::AccountId;
use domain::vocabulary::AccountState;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::staff;
use crate::state::AppState;

/// Whether an account may log in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountStateBody {
    /// What it is to be.
    state: WantedState,
}

/// What an admin can make of an account: erasing it is for its owner.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WantedState {
    /// It may log in.
    Active,
    /// It may not.
    Disabled,
}

problems!(Problems: NotAllowed);

/// Shuts the account of somebody of the staff, or opens it again. For admins above all its roles.
#[utoipa::path(
    tag = "administration",
    operation_id = "set_account_state",
    params(("id" = AccountId, Path, description = "The account.")),
    request_body = AccountStateBody,
    responses((status = 204, description = "It is so."), Problems),
    security(("account" = []))
)]
#[put("/{id}/state")]
pub async fn set_account_state(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<AccountId>,
    body: Body<AccountStateBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let wanted = match body.value.state {
        WantedState::Active => AccountState::Active,
        WantedState::Disabled => AccountState::Disabled,
    };
    staff::set_account_state(&state, &caller, *id, wanted).await?;
    Ok(HttpResponse::NoContent().finish())
}
