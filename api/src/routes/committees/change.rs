//! `PATCH /committees/{id}`

use actix_web::{patch, web};
use domain::ids::CommitteeId;
use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::service::administration::committees::{self, CommitteeRecord};
use crate::state::AppState;

/// What is changed of a committee.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitteeBody {
    /// As it is called; at most 60 characters.
    name: Option<String>,
}

/// Renames a committee. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_committee",
    params(("id" = CommitteeId, Path, description = "The committee.")),
    request_body = CommitteeBody,
    responses((status = 200, description = "The committee as it is now.", body = CommitteeRecord)),
    security(("account" = []))
)]
#[patch("")]
pub async fn change_committee(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    body: Body<CommitteeBody>,
) -> Result<web::Json<CommitteeRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let name = fields.changed_text("/name", body.value.name.as_deref(), Name::parse);
    fields.check()?;
    Ok(web::Json(committees::rename(&state, &caller, *id, name).await?))
}
