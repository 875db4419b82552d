//! One's own account: what it is, all that is kept of it, and its erasure.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::case::{EventKind, State};
use domain::ids::{AccountId, BookingId, CaseId, UploadId};
use domain::reception::BookingState;
use domain::role::{Binding, Party};
use domain::text::Phone;
use domain::vocabulary::{AccountState, Channel, DeliveryState, Outcome};
use entity::{booking, case, case_event, delivery, upload};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bookings::{self, BookingContact};
use super::case_view::{Contact, open_contact};
use super::own_phone;
use super::saved_views::{MOST as MOST_VIEWS, SavedView};
use super::sessions::Identity;
use super::subscription_offers::{self, Subscription};
use crate::state::Parts;
use crate::store::messages::{self, Message};
use crate::store::{StoreError, accounts, credentials, deliveries, personal, reach, saved_views};

/// The most messages in an export: more than anybody is ever sent.
const MOST_MESSAGES: u64 = 100_000;

/// Why there is nothing to show or erase.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The account has just been erased or disabled.
    #[error("the account is not active any more")]
    Gone,
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody's account, as shown to himself.
#[derive(Debug)]
pub struct Profile {
    /// The account.
    pub id: AccountId,
    /// What to call the person.
    pub display_name: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The number for text messages, of staff.
    pub phone: Option<Phone>,
    /// Its roles, each with the name of what it is for.
    pub roles: Vec<(Binding, Option<String>)>,
}

/// All that the service keeps of a person.
#[derive(Debug)]
pub struct Export {
    /// The account.
    pub profile: Profile,
    /// The name to log in with, of staff.
    pub login: Option<String>,
    /// Who the person is in WeChat.
    pub identities: Vec<WeChatIdentity>,
    /// The cases that the person raised.
    pub cases: Vec<CaseRecord>,
    /// The pictures that the person sent; each can be fetched by its id.
    pub uploads: Vec<UploadRecord>,
    /// The reception days that the person booked.
    pub bookings: Vec<BookingRecord>,
    /// The lists that the person has kept, oldest first.
    pub case_views: Vec<SavedView>,
    /// What the person was told, newest first.
    pub messages: Vec<Message>,
    /// What the person has agreed to be told by WeChat.
    pub subscriptions: Vec<Subscription>,
    /// Which of the messages were to leave the service, and what became of them.
    pub deliveries: Vec<DeliveryRecord>,
}

/// A message that was to leave the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryRecord {
    /// The message.
    pub message_id: Uuid,
    /// By which way.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// How far it is.
    #[schema(value_type = String)]
    pub state: DeliveryState,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When its fate was clear.
    pub settled_at: Option<DateTime<Utc>>,
}

impl From<delivery::Model> for DeliveryRecord {
    fn from(row: delivery::Model) -> Self {
        let delivery::Model { message_id, channel, state, created_at, settled_at, .. } = row;
        Self { message_id, channel, state, created_at, settled_at }
    }
}

/// A booking of a reception day, with what the person said of himself in full.
#[derive(Debug)]
pub struct BookingRecord {
    /// The booking.
    pub id: BookingId,
    /// The number on the day.
    pub number: i32,
    /// Where it stands.
    pub state: BookingState,
    /// When the slot begins.
    pub starts_at: DateTime<Utc>,
    /// Name, phone and topic.
    pub contact: Option<BookingContact>,
    /// When it was booked.
    pub created_at: DateTime<Utc>,
}

/// A picture that somebody sent.
#[derive(Debug)]
pub struct UploadRecord {
    /// The picture.
    pub id: UploadId,
    /// The case that took it.
    pub case_id: Option<CaseId>,
    /// The media type it came as.
    pub kind: String,
    /// Of the original after turning, in px.
    pub size: (i32, i32),
    /// When it was sent.
    pub created_at: DateTime<Utc>,
}

/// Who a person is in WeChat.
#[derive(Debug)]
pub struct WeChatIdentity {
    /// The mini-program.
    pub appid: String,
    /// The user within it.
    pub openid: String,
    /// The user across mini-programs of one owner.
    pub unionid: Option<String>,
    /// Since when we know him.
    pub created_at: DateTime<Utc>,
}

/// A case as its resident sees it.
#[derive(Debug)]
pub struct CaseRecord {
    /// The case.
    pub id: CaseId,
    /// The number that people use.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What the resident wrote.
    pub text: String,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    /// What the place is called.
    pub place_name: Option<String>,
    /// Its address.
    pub place_address: Option<String>,
    /// What the resident said of himself, in full.
    pub contact: Option<Contact>,
    /// Whether handlers must not see who raised it.
    pub anonymous: bool,
    /// When it was raised.
    pub created_at: DateTime<Utc>,
    /// Its history, as far as the resident sees it.
    pub events: Vec<EventRecord>,
}

/// An entry of a case's history as its resident sees it.
#[derive(Debug)]
pub struct EventRecord {
    /// What happened.
    pub kind: EventKind,
    /// In what capacity somebody did it.
    pub party: Party,
    /// The words, where they are meant for the resident.
    pub text: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who the caller is.
///
/// # Errors
/// [`AccountError`].
pub async fn show(app: &Parts, id: AccountId) -> Result<Profile, AccountError> {
    let db = app.db.reader();
    let account = accounts::find(db, id).await?.ok_or(AccountError::Gone)?;
    let bindings = accounts::list_bindings(db, id).await?;
    let names: HashMap<Uuid, String> = reach::list_scope_names(db, &bindings).await?;
    let roles = Identity::new(id, &bindings).roles.into_iter();
    let named = roles.map(|binding| (binding, names.get(&binding.scope_id).cloned()));
    Ok(Profile {
        id,
        display_name: account.display_name,
        created_at: account.created_at,
        phone: own_phone::find(app, id).await?,
        roles: named.collect(),
    })
}

/// All that is kept of the caller, without secrets.
///
/// # Errors
/// [`AccountError`].
pub async fn export(app: &Parts, id: AccountId) -> Result<Export, AccountError> {
    let db = app.db.reader();
    let profile = show(app, id).await?;
    let identities = accounts::list_identities(db, id).await?.into_iter().map(|row| WeChatIdentity {
        appid: row.appid,
        openid: row.openid,
        unionid: row.unionid,
        created_at: row.created_at,
    });
    let cases = personal::list_cases(db, id).await?;
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let mut events: HashMap<CaseId, Vec<EventRecord>> = HashMap::new();
    for event in personal::list_events(db, &ids).await? {
        if event.kind.is_public() {
            events.entry(event.case_id).or_default().push(event_record(event));
        }
    }
    let records = cases.into_iter().map(|case| {
        let events = events.remove(&case.id).unwrap_or_default();
        let sealed = case.contact_sealed.as_deref();
        let contact = sealed.map(|sealed| open_contact(app, case.id, sealed)).transpose()?;
        Ok(case_record(case, contact, events))
    });
    let uploads = personal::list_uploads(db, id).await?;
    let case_views = saved_views::list(db, id, None, MOST_VIEWS).await?;
    let deliveries = deliveries::list_of_account(db, id).await?;
    let bookings = personal::list_bookings(db, id).await?.into_iter().map(|row| booking_record(app, row));
    Ok(Export {
        profile,
        login: credentials::find_login(db, id).await?,
        identities: identities.collect(),
        cases: records.collect::<Result<_, StoreError>>()?,
        uploads: uploads.into_iter().map(upload_record).collect(),
        bookings: bookings.collect::<Result<_, StoreError>>()?,
        case_views: case_views.into_iter().map(SavedView::from).collect(),
        messages: messages::list_of_account(db, id, None, MOST_MESSAGES).await?,
        subscriptions: subscription_offers::list_of_account(app, id).await?,
        deliveries: deliveries.into_iter().map(DeliveryRecord::from).collect(),
    })
}

/// Erases the caller. His WeChat user is free to come again, as somebody new.
///
/// # Errors
/// [`AccountError`].
pub async fn erase(app: &Parts, id: AccountId) -> Result<(), AccountError> {
    let tx = app.db.begin().await?;
    let account = accounts::lock(&tx, id).await?;
    if account.is_none_or(|account| account.state != AccountState::Active) {
        return Err(AccountError::Gone);
    }
    personal::erase(&tx, id, app.clock.now()).await?;
    tx.commit().await.map_err(StoreError::from)?;
    app.accounts.forget(id);
    Ok(())
}

fn upload_record(row: upload::Model) -> UploadRecord {
    let size = (row.width, row.height);
    UploadRecord { id: row.id, case_id: row.case_id, kind: row.kind, size, created_at: row.created_at }
}

fn booking_record(app: &Parts, row: booking::Model) -> Result<BookingRecord, StoreError> {
    let sealed = row.contact_sealed.as_deref();
    let contact = sealed.map(|sealed| bookings::open_contact(app, row.id, sealed)).transpose()?;
    let booking::Model { id, number, state, starts_at, created_at, .. } = row;
    Ok(BookingRecord { id, number, state, starts_at, contact, created_at })
}

fn case_record(case: case::Model, contact: Option<Contact>, events: Vec<EventRecord>) -> CaseRecord {
    CaseRecord {
        id: case.id,
        number: case.number,
        state: case.state,
        outcome: case.outcome,
        text: case.text,
        position: case.lat.zip(case.lng),
        place_name: case.place_name,
        place_address: case.place_address,
        contact,
        anonymous: case.anonymous,
        created_at: case.created_at,
        events,
    }
}

fn event_record(event: case_event::Model) -> EventRecord {
    let text = event.body.get("text").and_then(|text| text.as_str());
    EventRecord {
        kind: event.kind,
        party: event.party,
        text: text.filter(|_| event.kind.has_public_text()).map(str::to_owned),
        at: event.at,
    }
}

#[cfg(test)]
mod tests;
