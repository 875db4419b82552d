//! `PATCH /sectors/{id}`

use actix_web::{patch, web};
use domain::ids::SectorId;

use super::SectorBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::guard;
use crate::routes::problems::problems;
use crate::service::administration::sectors::{self, SectorRecord};
use crate::state::AppState;

problems!(Problems: AlreadyExists);

/// Changes a sector. For the admins of its committee.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_sector",
    params(("id" = SectorId, Path, description = "The sector.")),
    request_body = SectorBody,
    responses((status = 200, description = "The sector as it is now.", body = SectorRecord), Problems),
    security(("account" = []))
)]
#[patch("/{id}")]
pub async fn change_sector(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<SectorId>,
    body: Body<SectorBody>,
) -> Result<web::Json<SectorRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let change = body.value.parse()?;
    Ok(web::Json(sectors::change(&state, &caller, *id, change).await?))
}
