//! `GET /me/export`

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use domain::case::{EventKind, State};
use domain::role::Party;
use domain::vocabulary::Outcome;
use serde::Serialize;
use utoipa::ToSchema;

use super::show::ProfileBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::accounts::{self, CaseRecord, EventRecord, Export, WeChatIdentity};
use crate::state::AppState;

/// All that the service keeps of the caller, without secrets.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportBody {
    account: ProfileBody,
    /// The name to log in with, of staff.
    login: Option<String>,
    wechat_identities: Vec<WeChatIdentityBody>,
    /// The cases that the caller raised, oldest first.
    cases: Vec<ExportedCase>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WeChatIdentityBody {
    appid: String,
    openid: String,
    unionid: Option<String>,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedCase {
    number: String,
    state: State,
    outcome: Option<Outcome>,
    text: String,
    lat: Option<f64>,
    lng: Option<f64>,
    place_name: Option<String>,
    place_address: Option<String>,
    anonymous: bool,
    created_at: DateTime<Utc>,
    /// The history, as far as the resident sees it.
    events: Vec<ExportedEvent>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedEvent {
    kind: EventKind,
    party: Party,
    text: Option<String>,
    at: DateTime<Utc>,
}

impl From<Export> for ExportBody {
    fn from(export: Export) -> Self {
        Self {
            account: export.profile.into(),
            login: export.login,
            wechat_identities: export.identities.into_iter().map(WeChatIdentityBody::from).collect(),
            cases: export.cases.into_iter().map(ExportedCase::from).collect(),
        }
    }
}

impl From<WeChatIdentity> for WeChatIdentityBody {
    fn from(WeChatIdentity { appid, openid, unionid, created_at }: WeChatIdentity) -> Self {
        Self { appid, openid, unionid, created_at }
    }
}

impl From<CaseRecord> for ExportedCase {
    fn from(case: CaseRecord) -> Self {
        let (lat, lng) = case.position.unzip();
        Self {
            number: case.number,
            state: case.state,
            outcome: case.outcome,
            text: case.text,
            lat,
            lng,
            place_name: case.place_name,
            place_address: case.place_address,
            anonymous: case.anonymous,
            created_at: case.created_at,
            events: case.events.into_iter().map(ExportedEvent::from).collect(),
        }
    }
}

impl From<EventRecord> for ExportedEvent {
    fn from(EventRecord { kind, party, text, at }: EventRecord) -> Self {
        Self { kind, party, text, at }
    }
}

/// All that the service keeps of the caller, as a file.
#[utoipa::path(
    tag = "me",
    operation_id = "export_me",
    security(("account" = [])),
    responses((status = 200, description = "All data of the caller.", body = ExportBody))
)]
#[get("/me/export")]
pub async fn export_me(app: web::Data<AppState>, caller: Caller) -> Result<HttpResponse, ApiError> {
    guard::account(&app, &caller)?;
    let export = accounts::export(&app, caller.account_id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""))
        .json(ExportBody::from(export)))
}
