//! `POST /cases/{id}/object`: the department objects to a dispatch.

use actix_web::{HttpResponse, post, web};
use domain::case::Command;
use domain::ids::CaseId;
use domain::text::Reason;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ActionProblems;
use super::call::ActionCallWith;
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::idempotency_key::IdempotencyKeyHeader;
use crate::routes::if_match::IfMatchHeader;
use crate::service::case_body::CaseBody;
use crate::state::AppState;

/// The department objects, within two working days of the dispatch.
#[utoipa::path(
    tag = "actions", operation_id = "object_case", params(("id" = CaseId, Path), IfMatchHeader, IdempotencyKeyHeader), request_body = ObjectBody,
    responses((status = 200, body = CaseBody), ActionProblems),
    security(("account" = []))
)]
#[post("/object")]
pub async fn object_case(
    state: web::Data<AppState>,
    ActionCallWith { call, body }: ActionCallWith<ObjectBody>,
) -> Result<HttpResponse, ApiError> {
    let command = body.parse()?;
    call.act(&state, command).await
}

/// Why, and for which part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectBody {
    /// Why, up to 500 characters.
    reason: String,
    /// The part of a split case; needed only by who has several.
    part: Option<i16>,
}

impl ObjectBody {
    /// The command, with every field checked.
    fn parse(&self) -> Result<Command, ApiError> {
        let mut fields = Fields::default();
        let reason = fields.text("/reason", &self.reason, Reason::parse);
        fields.finish(reason.map(|reason| Command::Object { part: self.part, reason }))
    }
}
