//! `POST /poster-reports/{id}/settle`

use actix_web::{HttpResponse, post, web};
use domain::ids::PosterReportId;
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::service::poster_reports::{self, PosterReport};
use crate::state::AppState;

/// What was found.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SettlePosterReport)]
#[serde(deny_unknown_fields)]
pub struct SettleBody {
    /// At most 500 characters.
    note: String,
}

/// Notes that somebody went and looked, and what was found. Repeated, it changes the note.
#[utoipa::path(
    tag = "codes",
    operation_id = "settle_poster_report",
    params(("id" = PosterReportId, Path, description = "The report.")),
    request_body = SettleBody,
    responses((status = 200, description = "The report.", body = PosterReport)),
    security(("account" = []))
)]
#[post("/{id}/settle")]
pub async fn settle_poster_report(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<PosterReportId>,
    body: Body<SettleBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let note = fields.text("/note", &body.value.note, Reason::parse);
    let note = fields.finish(note)?;
    Ok(HttpResponse::Ok().json(poster_reports::settle(&state, &caller, *id, &note).await?))
}
