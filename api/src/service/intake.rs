//! Taking a case in (受理登记): route it, start its clock, store it once, answer.

use std::sync::Arc;

use domain::case::{self, CaseNumber, NewCase};
use domain::geo::Point;
use domain::ids::{
    AccountId, BookingId, CaseId, CategoryId, CodeId, CommitteeId, MemberId, StationId, UploadId,
};
use domain::role::Party;
use domain::routing::{Assignment, CodeTarget, Directory, Matter, Routing, RoutingError};
use domain::text::{CaseText, Name, Phone, Place};
use domain::vocabulary::ScanResult;
use entity::idempotency_key;

use crate::auth::Caller;
use crate::jobs::Job;
use crate::seal::sha256;
use crate::service::authority::{AuthorityError, manages_station};
use crate::service::board::{self, Board};
use crate::service::bookings::{self, BookingError};
use crate::service::case_view::{CONTACT_CONTEXT, Contact};
use crate::service::code_target::{self, TargetError};
use crate::service::idempotency::{self, Answer, IdempotencyError};
use crate::service::receipt::Receipt;
use crate::service::terms;
use crate::service::uploads::{self, ClaimError};
use crate::state::{AppState, Parts};
use crate::store::case_intake::{NewCaseRow, NewJobRow};
use crate::store::cases::StoredPlace;
use crate::store::{self, StoreError};

/// How many numbers are drawn before giving up: at a million cases one in 900 draws is taken.
const NUMBER_DRAWS: u32 = 5;

/// What a resident reports, checked field by field.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// The scanned code.
    pub code: Option<String>,
    /// The chosen station.
    pub station_id: Option<StationId>,
    /// The chosen member.
    pub member_id: Option<MemberId>,
    /// The chosen category.
    pub category_id: Option<CategoryId>,
    /// What is the matter.
    pub text: CaseText,
    /// Where it is.
    pub point: Option<Point>,
    /// What the place is called.
    pub place_name: Option<Name>,
    /// Its address.
    pub place_address: Option<Place>,
    /// Pictures.
    pub uploads: Vec<UploadId>,
    /// The resident's name.
    pub contact_name: Option<Name>,
    /// The resident's phone number.
    pub contact_phone: Option<Phone>,
    /// Whether handlers must not see who raised it.
    pub anonymous: bool,
    /// For whom somebody else reports.
    pub on_behalf_of: Option<Name>,
}

/// Who comes with a report.
#[derive(Debug, Clone, Copy)]
pub enum Reporter<'a> {
    /// The resident, with or without an account.
    Resident(Option<&'a Caller>),
    /// The manager, for somebody at the counter of the station.
    Counter {
        /// The manager.
        caller: &'a Caller,
        /// The station.
        station_id: StationId,
        /// The booking with which somebody came, and the account that it belongs to.
        booking: Option<(BookingId, Option<AccountId>)>,
    },
}

impl Reporter<'_> {
    /// The account that calls.
    fn account_id(&self) -> Option<AccountId> {
        match self {
            Self::Resident(caller) => caller.map(|caller| caller.account_id),
            Self::Counter { caller, .. } => Some(caller.account_id),
        }
    }

    /// The account that the case will belong to.
    fn resident_id(&self) -> Option<AccountId> {
        match self {
            Self::Resident(caller) => caller.map(|caller| caller.account_id),
            Self::Counter { booking, .. } => booking.and_then(|(_, account_id)| account_id),
        }
    }

    fn party(&self) -> Party {
        match self {
            Self::Resident(_) => Party::Resident,
            Self::Counter { .. } => Party::Manager,
        }
    }
}

/// Why a case was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The code does not lead to a station.
    #[error(transparent)]
    Code(#[from] TargetError),
    /// The station does not exist.
    #[error("no such station")]
    UnknownStation,
    /// The category does not exist in the committee.
    #[error("no such category")]
    UnknownCategory,
    /// The member does not exist in the committee.
    #[error("no such member")]
    UnknownMember,
    /// Neither a code nor a station was given, and no place that tells.
    #[error("neither a code nor a station was given")]
    Nowhere,
    /// No station of the committee is open.
    #[error(transparent)]
    NoStation(#[from] RoutingError),
    /// The caller does not run the station.
    #[error("no such station for this caller")]
    NotManager,
    /// The booking can't be taken.
    #[error(transparent)]
    Booking(#[from] BookingError),
    /// A picture can't be taken.
    #[error(transparent)]
    Upload(#[from] ClaimError),
    /// The key came before with another body.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a report came in: its committee, and what the code points to.
struct Entry {
    committee_id: CommitteeId,
    code_id: Option<CodeId>,
    target: Option<CodeTarget>,
}

/// Takes a case in, once for every key; a repetition gets the first answer again.
///
/// # Errors
/// See [`IntakeError`]; nothing has been stored then.
pub async fn take_in(
    state: &AppState,
    reporter: Reporter<'_>,
    report: &NewReport,
    request: &idempotency::Request,
) -> Result<Answer, IntakeError> {
    for _ in 0..NUMBER_DRAWS {
        let error = match attempt(state, &reporter, report, request).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        // Whatever went wrong, a repetition gets the first answer: also when the code has been
        // revoked or the pictures were taken (by itself) since.
        if let Some(answer) = idempotency::find_answer(state, request).await? {
            return Ok(answer);
        }
        if !matches!(error, IntakeError::Store(StoreError::Duplicate(_))) {
            return Err(error);
        }
        // No such key, so the number was taken: draw again.
    }
    Err(StoreError::inconsistent("cases", "number", "no free number was drawn").into())
}

/// Takes a case in at the counter of a station, for somebody without a phone. With a booking, whoever came
/// is checked in, and the case belongs to the account that booked.
///
/// # Errors
/// See [`IntakeError`]; nothing has been stored then.
pub async fn take_in_at_counter(
    state: &AppState,
    caller: &Caller,
    booking_id: Option<BookingId>,
    report: &NewReport,
    request: &idempotency::Request,
) -> Result<Answer, IntakeError> {
    let station_id = report.station_id.ok_or(IntakeError::Nowhere)?;
    manages_station(state, caller, station_id).await.map_err(|error| match error {
        AuthorityError::Unknown => IntakeError::NotManager,
        AuthorityError::Store(error) => error.into(),
    })?;
    let booking = match booking_id {
        None => None,
        Some(id) => {
            let row = store::bookings::find(state.db.reader(), id).await?.ok_or(BookingError::Unknown)?;
            Some((id, row.account_id))
        }
    };
    take_in(state, Reporter::Counter { caller, station_id, booking }, report, request).await
}

async fn attempt(
    state: &AppState,
    reporter: &Reporter<'_>,
    report: &NewReport,
    request: &idempotency::Request,
) -> Result<Answer, IntakeError> {
    let prepared = prepare(state, reporter, report).await?;
    let (key, answer) = idempotency::seal_answer(state, request, idempotency::CREATED, &prepared.receipt)?;
    store(state, reporter, report, &prepared, key).await?;
    if let Some(member_id) = prepared.decision.case.member_id {
        prepared.board.count_assignment(member_id);
    }
    if let Some(code_id) = prepared.code_id {
        state.scans.count(code_id, ScanResult::Reported);
    }
    state.jobs.wake();
    Ok(answer)
}

/// A case that is ready to be stored.
struct Prepared {
    board: Arc<Board>,
    decision: case::Decision,
    routing: Routing,
    number: CaseNumber,
    category_id: Option<CategoryId>,
    code_id: Option<CodeId>,
    ticket_hash: Vec<u8>,
    wake_at: Option<chrono::DateTime<chrono::Utc>>,
    receipt: Receipt,
}

async fn prepare(
    state: &AppState,
    reporter: &Reporter<'_>,
    report: &NewReport,
) -> Result<Prepared, IntakeError> {
    let now = state.clock.now();
    let entry = entry(state, report).await?;
    let board = board::of(state, entry.committee_id).await?;
    check_choices(report, &board.directory)?;
    let matter = Matter {
        code: entry.target,
        chosen_station_id: report.station_id,
        chosen_member_id: report.member_id,
        category_id: report.category_id,
        place: report.point,
        at: now,
        text: report.text.as_str(),
        excluded: &[],
        returns: 0,
    };
    let routing = board.route(&matter)?;
    let member_id = match routing.assignment {
        Assignment::Assigned(member_id) => Some(member_id),
        Assignment::Queue(_) => None,
    };
    let category_id = report.category_id.or(routing.hinted_category_id);
    let new = NewCase {
        id: state.ids.next::<CaseId>(),
        committee_id: entry.committee_id,
        station_id: routing.station_id,
        member_id,
        resident_id: reporter.resident_id(),
        taken_in_by: reporter.party(),
    };
    let calendar = state.calendars.current();
    let context = terms::context(&calendar, board.terms(routing.station_id, category_id), now);
    let decision = case::open_case(new, &context);
    let ticket = state.ids.secret();
    let number = CaseNumber::from_draw(state.ids.draw());
    Ok(Prepared {
        wake_at: case::next_wake_at(&decision.case, &context),
        receipt: Receipt::new(&decision, number, &routing, &board.directory, &calendar, &ticket),
        ticket_hash: sha256(ticket.as_bytes()),
        code_id: entry.code_id,
        decision,
        routing,
        number,
        category_id,
        board,
    })
}

/// The committee, by the code or by the chosen station.
async fn entry(state: &AppState, report: &NewReport) -> Result<Entry, IntakeError> {
    if let Some(code) = &report.code {
        let code = code_target::resolve(state, code).await?;
        let target = match code.member_id {
            Some(member_id) => CodeTarget::Member(member_id, Some(code.station_id)),
            None => CodeTarget::Station(code.station_id),
        };
        return Ok(Entry { committee_id: code.committee_id, code_id: Some(code.id), target: Some(target) });
    }
    let station_id = report.station_id.ok_or(IntakeError::Nowhere)?;
    let committee_id = board::committee_of(state, station_id).await?.ok_or(IntakeError::UnknownStation)?;
    Ok(Entry { committee_id, code_id: None, target: None })
}

/// What was chosen must exist in the committee.
fn check_choices(report: &NewReport, directory: &Directory) -> Result<(), IntakeError> {
    let known = |id: &CategoryId| directory.categories.iter().any(|category| category.id == *id);
    if report.category_id.as_ref().is_some_and(|id| !known(id)) {
        return Err(IntakeError::UnknownCategory);
    }
    let known = |id: &MemberId| directory.members.iter().any(|member| member.id == *id);
    if report.member_id.as_ref().is_some_and(|id| !known(id)) {
        return Err(IntakeError::UnknownMember);
    }
    Ok(())
}

/// Stores the case; with pictures, or on SQLite, in a transaction of several statements.
async fn store(
    state: &AppState,
    reporter: &Reporter<'_>,
    report: &NewReport,
    prepared: &Prepared,
    key: idempotency_key::Model,
) -> Result<(), IntakeError> {
    let now = prepared.decision.case.created_at;
    let account_id = reporter.account_id();
    let booking = match reporter {
        Reporter::Counter { station_id, booking: Some((id, _)), .. } => Some((*id, *station_id)),
        Reporter::Counter { booking: None, .. } | Reporter::Resident(_) => None,
    };
    let row = row(state, report, prepared, key)?;
    if report.uploads.is_empty() && booking.is_none() && state.db.inserts_at_once() {
        store::case_intake::insert(state.db.reader(), row, account_id, now).await?;
        return Ok(());
    }
    let tx = state.db.begin().await?;
    store::case_intake::insert(&tx, row, account_id, now).await?;
    uploads::claim(&tx, &report.uploads, prepared.decision.case.id, 1, account_id).await?;
    if let Some(booking) = booking {
        bookings::link_case(state, &tx, booking, prepared.decision.case.id).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

fn row<'a>(
    state: &Parts,
    report: &'a NewReport,
    prepared: &'a Prepared,
    key: idempotency_key::Model,
) -> Result<NewCaseRow<'a>, IntakeError> {
    let job = Job::NotifyCase { case_id: prepared.decision.case.id, seq: 1 };
    Ok(NewCaseRow {
        decision: &prepared.decision,
        number: prepared.number,
        text: report.text.as_str(),
        category_id: prepared.category_id,
        code_id: prepared.code_id,
        place: StoredPlace {
            point: report.point.map(|point| (point.lat(), point.lng())),
            name: report.place_name.as_ref().map(|name| name.as_str().to_owned()),
            address: report.place_address.as_ref().map(|address| address.as_str().to_owned()),
        },
        contact_sealed: sealed_contact(state, report)?,
        anonymous: report.anonymous,
        ticket_hash: prepared.ticket_hash.clone(),
        routing: &prepared.routing.reasons,
        wake_at: prepared.wake_at,
        key,
        job: NewJobRow { id: state.ids.next(), kind: job.kind(), payload: job.payload() },
    })
}

/// Name and phone, sealed; nothing when nothing was given.
fn sealed_contact(state: &Parts, report: &NewReport) -> Result<Option<Vec<u8>>, IntakeError> {
    let contact = Contact {
        name: report.contact_name.as_ref().map(|name| name.as_str().to_owned()),
        phone: report.contact_phone.as_ref().map(|phone| phone.as_str().to_owned()),
        on_behalf_of: report.on_behalf_of.as_ref().map(|name| name.as_str().to_owned()),
    };
    if contact == Contact::default() {
        return Ok(None);
    }
    let broken = |error: &dyn ToString| StoreError::inconsistent("cases", "contact", error.to_string());
    let plain = serde_json::to_vec(&contact).map_err(|error| broken(&error))?;
    Ok(Some(state.sealer.seal(&state.ids, CONTACT_CONTEXT, &plain).map_err(|error| broken(&error))?))
}
