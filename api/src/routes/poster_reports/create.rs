//! `POST /poster-reports`

use actix_web::{HttpResponse, post, web};
use domain::text::{Place, Reason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::client_address::ClientAddress;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::idempotency::Owner;
use crate::service::poster_reports::{self, NewPosterReport, ReceivedPosterReport};
use crate::state::AppState;

problems!(Problems: IdempotencyKeyReused);

/// What is wrong with a poster.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewPosterReport)]
#[serde(deny_unknown_fields)]
pub struct PosterReportBody {
    /// What was read from it: a token, or the text of a code that is none of ours.
    #[schema(max_length = 500)]
    token: Option<String>,
    /// What is wrong; at most 500 characters.
    text: String,
    /// Where it hangs.
    place: Option<String>,
}

impl PosterReportBody {
    fn check(&self) -> Result<NewPosterReport, ApiError> {
        let mut fields = Fields::default();
        let text = fields.text("/text", &self.text, Reason::parse);
        let place = fields.optional_text("/place", self.place.as_deref(), Place::parse);
        let token = fields.optional_text("/token", self.token.as_deref(), Reason::parse);
        let text = fields.finish(text)?;
        Ok(NewPosterReport { token: token.map(|token| token.as_str().to_owned()), text, place })
    }
}

/// Says that a poster looks wrong: pasted over, torn, or leading elsewhere. Anybody may, and nothing of whoever
/// says it is kept.
#[utoipa::path(
    tag = "codes",
    operation_id = "create_poster_report",
    params(IdempotencyKeyHeader),
    request_body = PosterReportBody,
    responses((status = 201, description = "It was taken in.", body = ReceivedPosterReport), Problems)
)]
#[post("")]
pub async fn create_poster_report(
    state: web::Data<AppState>,
    address: ClientAddress,
    key: MaybeIdempotencyKey,
    body: Body<PosterReportBody>,
) -> Result<HttpResponse, ApiError> {
    guard::intake(&state, None, address, None).await?;
    let report = body.value.check()?;
    let key = key.request("poster-reports", Owner::Anybody, body.bytes.as_ref());
    let received = poster_reports::take_in(&state, report, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(received))
}
