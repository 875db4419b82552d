//! `GET /me/export`

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use domain::case::{EventKind, State};
use domain::ids::{BookingId, CaseId, UploadId};
use domain::reception::BookingState;
use domain::role::Party;
use domain::vocabulary::Outcome;
use serde::Serialize;
use utoipa::ToSchema;

use super::list_messages::MessageView;
use super::show::ProfileBody;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::service::accounts::{
    self, BookingRecord, CaseRecord, DeliveryRecord, EventRecord, Export, UploadRecord, WeChatIdentity,
};
use crate::service::bookings::BookingContact;
use crate::service::case_view::Contact;
use crate::service::saved_views::SavedView;
use crate::service::subscription_offers::Subscription;
use crate::state::AppState;

/// All that the service keeps of the caller, without secrets.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportBody {
    account: ProfileBody,
    /// The number for text messages, of staff.
    phone: Option<String>,
    /// The name to log in with, of staff.
    login: Option<String>,
    wechat_identities: Vec<WeChatIdentityBody>,
    /// The cases that the caller raised, oldest first.
    cases: Vec<ExportedCase>,
    /// The pictures that the caller sent, oldest first; `GET /uploads/{id}/1280` gives each.
    uploads: Vec<ExportedUpload>,
    /// The reception days that the caller booked, oldest first.
    bookings: Vec<ExportedBooking>,
    /// The lists that the caller has kept under names, oldest first.
    case_views: Vec<SavedView>,
    /// What the caller was told, newest first.
    messages: Vec<MessageView>,
    /// What the caller has agreed to be told by WeChat.
    subscriptions: Vec<Subscription>,
    /// Which messages were to be sent by WeChat, oldest first, and what became of them; of the last 30 days.
    deliveries: Vec<DeliveryRecord>,
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
    #[schema(value_type = uuid::Uuid)]
    id: CaseId,
    number: String,
    state: State,
    outcome: Option<Outcome>,
    text: String,
    lat: Option<f64>,
    lng: Option<f64>,
    place_name: Option<String>,
    place_address: Option<String>,
    /// What the caller said of himself, in full.
    contact: Option<ExportedContact>,
    anonymous: bool,
    created_at: DateTime<Utc>,
    /// The history, as far as the resident sees it.
    events: Vec<ExportedEvent>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedContact {
    name: Option<String>,
    phone: Option<String>,
    on_behalf_of: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedUpload {
    #[schema(value_type = uuid::Uuid)]
    id: UploadId,
    #[schema(value_type = Option<uuid::Uuid>)]
    case_id: Option<CaseId>,
    kind: String,
    width: i32,
    height: i32,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedBooking {
    #[schema(value_type = uuid::Uuid)]
    id: BookingId,
    number: i32,
    state: BookingState,
    starts_at: DateTime<Utc>,
    name: Option<String>,
    phone: Option<String>,
    topic: Option<String>,
    created_at: DateTime<Utc>,
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
        let phone = export.profile.phone.as_ref().map(|phone| phone.as_str().to_owned());
        Self {
            account: export.profile.into(),
            phone,
            login: export.login,
            wechat_identities: export.identities.into_iter().map(WeChatIdentityBody::from).collect(),
            cases: export.cases.into_iter().map(ExportedCase::from).collect(),
            uploads: export.uploads.into_iter().map(ExportedUpload::from).collect(),
            bookings: export.bookings.into_iter().map(ExportedBooking::from).collect(),
            case_views: export.case_views,
            messages: export.messages.into_iter().map(MessageView::from).collect(),
            subscriptions: export.subscriptions,
            deliveries: export.deliveries,
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
            id: case.id,
            number: case.number,
            state: case.state,
            outcome: case.outcome,
            text: case.text,
            lat,
            lng,
            place_name: case.place_name,
            place_address: case.place_address,
            contact: case.contact.map(ExportedContact::from),
            anonymous: case.anonymous,
            created_at: case.created_at,
            events: case.events.into_iter().map(ExportedEvent::from).collect(),
        }
    }
}

impl From<Contact> for ExportedContact {
    fn from(Contact { name, phone, on_behalf_of }: Contact) -> Self {
        Self { name, phone, on_behalf_of }
    }
}

impl From<UploadRecord> for ExportedUpload {
    fn from(UploadRecord { id, case_id, kind, size: (width, height), created_at }: UploadRecord) -> Self {
        Self { id, case_id, kind, width, height, created_at }
    }
}

impl From<BookingRecord> for ExportedBooking {
    fn from(BookingRecord { id, number, state, starts_at, contact, created_at }: BookingRecord) -> Self {
        let BookingContact { name, phone, topic } = contact.unwrap_or_default();
        Self { id, number, state, starts_at, name, phone, topic, created_at }
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
#[get("/export")]
pub async fn export_me(app: web::Data<AppState>, caller: Caller) -> Result<HttpResponse, ApiError> {
    guard::account(&app, &caller)?;
    let export = accounts::export(&app, caller.account_id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""))
        .json(ExportBody::from(export)))
}
