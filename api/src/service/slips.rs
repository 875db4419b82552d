//! The paper slip of a case: what somebody without a phone takes home, and the ticket on it.
//!
//! Of a ticket only the hash is stored, so that a slip is made from a ticket that comes with the request:
//! the one of the intake's answer, or a new one that the manager issues. A new ticket ends the one before:
//! whoever finds a lost slip can do nothing with it.

use chrono::{DateTime, Utc};
use domain::case::{self, CaseNumber, TicketError};
use domain::ids::CaseId;
use qr::{Level, Matrix, PngOptions, QrError};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::casework::{self, CaseworkError, standing};
use super::idempotency::{self, IdempotencyError};
use super::terms;
use super::visitor::Visitor;
use crate::seal::sha256;
use crate::state::{AppState, Parts};
use crate::store::cases::CaseKey;
use crate::store::{self, StoreError, Transaction};

/// Why there is no slip or ticket.
#[derive(Debug, thiserror::Error)]
pub enum SlipError {
    /// There is no such case, or not for this visitor.
    #[error("no such case for this visitor")]
    NotFound,
    /// The visitor has not brought the case's ticket.
    #[error("the ticket of the case is needed")]
    NoTicket,
    /// No new ticket is given.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The picture can't be drawn.
    #[error("the picture can't be drawn")]
    Picture(#[from] QrError),
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What stands on a slip. It names nobody but those who work on the case: paper gets lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Slip {
    /// The case.
    pub case_id: CaseId,
    /// The number, as it is printed: `381-0472-956`.
    pub number: String,
    /// When the case was taken in.
    pub created_at: DateTime<Utc>,
    /// As the station is called.
    pub station_name: String,
    /// Where it is.
    pub station_address: String,
    /// Its office number.
    pub station_phone: Option<String>,
    /// The responsible member.
    pub member_name: Option<String>,
    /// When the answer is due.
    pub respond_by: DateTime<Utc>,
    /// Whether that may still move, because the holidays of its year are not known yet.
    pub respond_by_provisional: bool,
    /// The link of the QR code. The ticket stands behind `#`, which browsers send to no server.
    pub link: String,
    /// The QR code as an SVG picture.
    pub qr_svg: String,
}

/// A ticket that was just issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IssuedTicket {
    /// The number of the case.
    pub number: String,
    /// The secret with which the case can be followed without an account. Shown once.
    pub case_ticket: String,
    /// The link for a QR code.
    pub link: String,
}

/// The slip of a case, for somebody who brings its ticket.
///
/// # Errors
/// See [`SlipError`]
pub async fn make(state: &Parts, visitor: &Visitor, id: CaseId) -> Result<Slip, SlipError> {
    let view = casework::show(state, visitor, CaseKey::Id(id)).await.map_err(not_found)?;
    let stored = &view.stored;
    let ticket = visitor.ticket.as_ref().ok_or(SlipError::NoTicket)?;
    if !bool::from(ticket.hash().ct_eq(&stored.ticket_hash)) {
        return Err(SlipError::NoTicket);
    }
    let station = store::directory::stations::find_public(state.db.reader(), stored.case.station_id).await?;
    let station = station.ok_or_else(|| StoreError::inconsistent("cases", id, "its station is missing"))?;
    let link = link_of(state, &stored.number, ticket.as_str());
    Ok(Slip {
        case_id: id,
        number: grouped(&stored.number),
        created_at: stored.case.created_at,
        station_name: station.name,
        station_address: station.address,
        station_phone: station.phone,
        member_name: view.names.member,
        respond_by: stored.case.respond_by,
        respond_by_provisional: view.respond_by_provisional,
        qr_svg: qr::svg(&matrix(&link)?)?,
        link,
    })
}

/// The QR code of a slip as a PNG picture.
///
/// # Errors
/// The picture can't be drawn.
pub fn qr_png(slip: &Slip) -> Result<Vec<u8>, SlipError> {
    Ok(qr::png(&matrix(&slip.link)?, PngOptions::default())?)
}

/// Gives a case without an account a new ticket; the one before opens nothing any more. For who runs its
/// station; it stands in the case's history.
///
/// # Errors
/// See [`SlipError`]
pub async fn issue_ticket(
    state: &AppState,
    visitor: &Visitor,
    id: CaseId,
    request: Option<&idempotency::Request>,
) -> Result<IssuedTicket, SlipError> {
    let issued = idempotency::once(state, request, idempotency::CREATED, async |tx| {
        issue_in(state, tx, visitor, id).await
    })
    .await?;
    state.jobs.wake();
    Ok(issued)
}

async fn issue_in(
    state: &AppState,
    tx: &Transaction,
    visitor: &Visitor,
    id: CaseId,
) -> Result<IssuedTicket, SlipError> {
    let now = state.clock.now();
    let calendar = state.calendars.current();
    let stored = store::cases::lock(tx, id).await?.ok_or(SlipError::NotFound)?;
    let standing = standing(tx, visitor, &stored).await.map_err(not_found)?;
    let decision = case::reissue_ticket(&stored.case, standing, now)?;
    let case_terms = store::case_terms::find(tx, stored.case.station_id, stored.category_id).await?;
    let wake_at = case::next_wake_at(&decision.case, &terms::context(&calendar, case_terms, now));
    let account_id = visitor.caller.as_ref().map(|caller| caller.account_id);
    casework::apply(state, tx, &decision, account_id, wake_at, now).await?;
    let ticket = state.ids.secret();
    store::cases::replace_ticket(tx, id, sha256(ticket.as_bytes())).await?;
    let link = link_of(state, &stored.number, &ticket);
    Ok(IssuedTicket { number: grouped(&stored.number), case_ticket: ticket, link })
}

fn link_of(state: &Parts, number: &str, ticket: &str) -> String {
    // Upper case makes a smaller symbol; a ticket is read in either.
    format!("{}/t/{number}#{}", state.config.server.public_base(), ticket.to_ascii_uppercase())
}

fn grouped(number: &str) -> String {
    number.parse::<CaseNumber>().map_or_else(|_| number.to_owned(), CaseNumber::grouped)
}

fn matrix(link: &str) -> Result<Matrix, QrError> {
    Matrix::encode(link, Level::Medium)
}

fn not_found(error: CaseworkError) -> SlipError {
    match error {
        CaseworkError::Store(error) => SlipError::Store(error),
        _ => SlipError::NotFound,
    }
}
