//! `GET` and `PATCH /committees/{id}/routing-rules`

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
use crate::service::administration::routing_rules::{self, RoutingRulesRecord, RulesChange};
use crate::state::AppState;

/// The largest share of a capacity.
const MOST_PERCENT: i32 = 1_000;

/// Rules of routing; what is absent stays as it is, and `null` brings the default back.
#[derive(Debug, Default, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingRulesBody {
    /// From this share of their capacity in open cases on a member gets no more; 1 to 1000.
    #[serde(default)]
    #[schema(value_type = Option<i32>)]
    full_at_percent: Patch<i32>,
    /// Whether members who are not on duty get cases.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    assign_off_duty: Patch<bool>,
    /// Whether a member named by a code or by the resident gets a case at a station they don't serve.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    named_member_crosses_stations: Patch<bool>,
}

impl RoutingRulesBody {
    /// The change, with what is wrong noted below `pointer`.
    pub(super) fn read(self, pointer: &str, fields: &mut Fields) -> RulesChange {
        if let Patch::Set(percent) = self.full_at_percent {
            fields.in_range(&format!("{pointer}/full_at_percent"), Some(percent), 1..=MOST_PERCENT);
        }
        let percent = self.full_at_percent.try_map(|percent| u32::try_from(percent).ok());
        RulesChange {
            full_at_percent: percent.unwrap_or_default(),
            assign_off_duty: self.assign_off_duty,
            named_member_crosses_stations: self.named_member_crosses_stations,
        }
    }
}

/// By which rules the cases of a committee are routed. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "show_routing_rules",
    params(("id" = CommitteeId, Path, description = "The committee.")),
    responses((status = 200, description = "The rules.", body = RoutingRulesRecord)),
    security(("account" = []))
)]
#[get("/routing-rules")]
pub async fn show_routing_rules(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
) -> Result<web::Json<RoutingRulesRecord>, ApiError> {
    guard::account(&state, &caller)?;
    Ok(web::Json(routing_rules::show(&state, &caller, *id).await?))
}

/// Changes the rules by which the cases of a committee are routed from now on. For its admins.
#[utoipa::path(
    tag = "administration",
    operation_id = "change_routing_rules",
    params(("id" = CommitteeId, Path, description = "The committee.")),
    request_body = RoutingRulesBody,
    responses((status = 200, description = "The rules as they are now.", body = RoutingRulesRecord)),
    security(("account" = []))
)]
#[patch("/routing-rules")]
pub async fn change_routing_rules(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<CommitteeId>,
    body: Body<RoutingRulesBody>,
) -> Result<web::Json<RoutingRulesRecord>, ApiError> {
    guard::account(&state, &caller)?;
    let mut fields = Fields::default();
    let change = body.value.read("", &mut fields);
    fields.check()?;
    Ok(web::Json(routing_rules::change(&state, &caller, *id, change).await?))
}
