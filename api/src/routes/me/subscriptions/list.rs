//! `GET /me/subscriptions`

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::service::subscription_offers::{self, Situation, SubscriptionOffer};
use crate::state::AppState;

/// What the caller is doing.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubscriptionsQuery {
    /// `report`, `booking` or `work`; left out: `work` for staff, `report` for others.
    situation: Option<String>,
}

impl SubscriptionsQuery {
    fn parse(&self) -> Result<Option<Situation>, ApiError> {
        let mut fields = Fields::default();
        let situation = self.situation.as_deref().map(Situation::parse);
        if situation == Some(None) {
            fields.wrong("/situation", "invalid", "应为 report、booking 或 work。");
        }
        fields.finish(Some(situation.flatten()))
    }
}

/// What to ask for in the next popup.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriptionOffers {
    /// At most three, all of one term; fetch them before the tap.
    pub items: Vec<SubscriptionOffer>,
}

/// The templates to ask the caller for now, by role and situation. None: the popup need not be shown.
#[utoipa::path(
    tag = "me",
    operation_id = "list_subscriptions",
    params(SubscriptionsQuery),
    responses((status = 200, description = "The templates.", body = SubscriptionOffers)),
    security(("account" = []))
)]
#[get("")]
pub async fn list_subscriptions(
    state: web::Data<AppState>,
    caller: Caller,
    query: web::Query<SubscriptionsQuery>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let items = subscription_offers::list(&state, &caller, query.parse()?).await?;
    Ok(HttpResponse::Ok().json(SubscriptionOffers { items }))
}
