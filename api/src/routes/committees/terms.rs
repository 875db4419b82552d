//! `GET` and `PATCH /committees/{id}/terms`

use actix_web::{get, patch, web};
use domain::ids::CommitteeId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::service::administration::patch::Patch;
use crate::service::administration::terms::{self, TermsChange, TermsRecord};
use crate::state::AppState;

/// The longest term, in days.
const LONGEST: i32 = 250;

/// Terms; what is absent stays as it is, and `null` brings the default back. Each is 1 to 250 days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsBody {
    /// Working days until somebody has accepted the case.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    accept_days: Patch<i32>,
    /// Working days until the resident is answered.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    respond_days: Patch<i32>,
    /// Working days until a department has replied.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    reply_days: Patch<i32>,
    /// Working days in all that a case may wait for the resident's answer to questions.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    resident_days: Patch<i32>,
    /// Calendar days in which the resident may confirm or contest an answer.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    confirm_days: Patch<i32>,
    /// Working days in which a department may object.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    object_days: Patch<i32>,
    /// Calendar days after the end until the resident is asked whether it was really done.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    second_look_days: Patch<i32>,
}

impl TermsBody {
    fn parse(self) -> Result<TermsChange, ApiError> {
        let mut fields = Fields::default();
        let mut days = |pointer: &str, days: Patch<i32>| {
            if let Patch::Set(days) = days {
                fields.in_range(pointer, Some(days), 1..=LONGEST);
            }
            days.try_map(|days| u32::try_from(days).ok()).unwrap_or_default()
        };
        let change = TermsChange {
            accept_days: days("/accept_days", self.accept_days),
            respond_days: days("/respond_days", self.respond_days),
            reply_days: days("/reply_days", self.reply_days),
            resident_days: days("/resident_days", self.resident_days),
            confirm_days: days("/confirm_days", self.confirm_days),
            object_days: days("/object_days", self.object_days),
            second_look_days: days("/second_look_days", self.second_look_days),
        };
        fields.finish(Some(change))
    }
}

/// How many days each step of a committee's cases may take. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "show_terms",
    params(("id" = CommitteeId, Path, description = "The committee.")),
    responses((status = 200, description = "The terms.", body = TermsRecord)),
    security(("account" = []))
)]
#[get("/terms")]
pub async fn show_terms(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
) -> Result<web::Json<TermsRecord>, ApiError> {
    guard::account(&state, &caller)?;
    Ok(web::Json(terms::show(&state, &caller, *id).await?))
}

/// Changes the terms of a committee, for what begins from now on: clocks that run keep theirs. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_terms",
    params(("id" = CommitteeId, Path, description = "The committee.")),
    request_body = TermsBody,
    responses((status = 200, description = "The terms as they are now.", body = TermsRecord)),
    security(("account" = []))
)]
#[patch("/terms")]
pub async fn change_terms(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    body: Body<TermsBody>,
) -> Result<web::Json<TermsRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let change = body.value.parse()?;
    Ok(web::Json(terms::change(&state, &caller, *id, change).await?))
}
