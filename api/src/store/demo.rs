//! Writes the demo district: many rows at once, and cases that come with their whole history.

use chrono::{DateTime, Utc};
use domain::case::{Case, CaseNumber, NewEvent};
use domain::ids::{AccountId, CategoryId, CodeId, CommitteeId};
use domain::routing::Reason;
use domain::vocabulary::{CodeKind, CodeState};
use entity::{
    absence, account, case, case_event, category, category_sector, code, code_scan, committee, department,
    duty_shift, member, member_speciality, member_station, response, role_binding, second_look, sector,
    station,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::answers::{self, NewRating};
use super::cases::{StoredPlace, changed, event_row};
use super::{StoreError, Transaction};

/// Rows in one statement: SQLite takes 32,766 values in one, PostgreSQL 65,535.
const CHUNK: usize = 500;

/// The rows of a district without cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "the tables of the same names")]
pub struct DistrictRows {
    pub committee: committee::Model,
    pub sectors: Vec<sector::Model>,
    pub categories: Vec<category::Model>,
    pub category_sectors: Vec<category_sector::Model>,
    pub departments: Vec<department::Model>,
    pub stations: Vec<station::Model>,
    pub members: Vec<member::Model>,
    pub member_stations: Vec<member_station::Model>,
    pub member_specialities: Vec<member_speciality::Model>,
    pub absences: Vec<absence::Model>,
    pub duty_shifts: Vec<duty_shift::Model>,
    pub accounts: Vec<account::Model>,
    pub role_bindings: Vec<role_binding::Model>,
    pub codes: Vec<code::Model>,
    pub code_scans: Vec<code_scan::Model>,
}

impl DistrictRows {
    /// A committee with nothing in it yet.
    #[must_use]
    pub fn new(committee: committee::Model) -> Self {
        Self {
            committee,
            sectors: Vec::new(),
            categories: Vec::new(),
            category_sectors: Vec::new(),
            departments: Vec::new(),
            stations: Vec::new(),
            members: Vec::new(),
            member_stations: Vec::new(),
            member_specialities: Vec::new(),
            absences: Vec::new(),
            duty_shifts: Vec::new(),
            accounts: Vec::new(),
            role_bindings: Vec::new(),
            codes: Vec::new(),
            code_scans: Vec::new(),
        }
    }
}

/// Whether the committee exists.
///
/// # Errors
/// The database does not answer.
pub async fn exists(db: &impl ConnectionTrait, id: CommitteeId) -> Result<bool, StoreError> {
    Ok(committee::Entity::find_by_id(id).one(db).await?.is_some())
}

/// Stores a district.
///
/// # Errors
/// [`StoreError::Duplicate`] when it is there already.
pub async fn insert_district(tx: &Transaction, rows: DistrictRows) -> Result<(), StoreError> {
    insert_all(tx, vec![rows.committee]).await?;
    insert_all(tx, rows.sectors).await?;
    insert_all(tx, rows.categories).await?;
    insert_all(tx, rows.category_sectors).await?;
    insert_all(tx, rows.departments).await?;
    insert_all(tx, rows.stations).await?;
    insert_all(tx, rows.members).await?;
    insert_all(tx, rows.member_stations).await?;
    insert_all(tx, rows.member_specialities).await?;
    insert_all(tx, rows.absences).await?;
    insert_all(tx, rows.duty_shifts).await?;
    insert_all(tx, rows.accounts).await?;
    insert_all(tx, rows.role_bindings).await?;
    insert_all(tx, rows.codes).await?;
    insert_all(tx, rows.code_scans).await
}

async fn insert_all<M>(tx: &Transaction, rows: Vec<M>) -> Result<(), StoreError>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        M::Entity::insert_many(chunk).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A case with its whole history.
#[derive(Debug, Clone)]
pub struct CaseHistory {
    /// The case as it stands now.
    pub case: Case,
    /// Its number.
    pub number: CaseNumber,
    /// What the resident wrote.
    pub text: String,
    /// What it is about.
    pub category_id: Option<CategoryId>,
    /// The code it came from.
    pub code_id: Option<CodeId>,
    /// Where the matter is.
    pub place: StoredPlace,
    /// Sealed name and on whose behalf.
    pub contact_sealed: Option<Vec<u8>>,
    /// Whether handlers must not see who raised it.
    pub anonymous: bool,
    /// SHA-256 of the case ticket.
    pub ticket_hash: Vec<u8>,
    /// Why it went where it went.
    pub routing: Vec<Reason>,
    /// When time has something to do with it next.
    pub wake_at: Option<DateTime<Utc>>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
    /// All that happened, with who did it.
    pub events: Vec<(NewEvent, Option<AccountId>)>,
    /// Its answers.
    pub responses: Vec<response::Model>,
    /// What the resident said of them.
    pub ratings: Vec<NewRating>,
    /// What the resident was asked weeks later.
    pub second_looks: Vec<second_look::Model>,
}

/// Stores a case and its history, without any job: nobody is told of what happened long ago.
///
/// # Errors
/// [`StoreError::Duplicate`] when the number is taken.
pub async fn insert_case(tx: &Transaction, history: CaseHistory) -> Result<(), StoreError> {
    let case = &history.case;
    let (lat, lng) = history.place.point.unzip();
    let routing = serde_json::to_value(&history.routing)
        .map_err(|error| StoreError::inconsistent("cases", case.id, error))?;
    let row = case::ActiveModel {
        committee_id: Set(case.committee_id),
        number: Set(history.number.to_string()),
        resident_id: Set(case.resident_id),
        code_id: Set(history.code_id),
        category_id: Set(history.category_id),
        text: Set(history.text),
        lat: Set(lat),
        lng: Set(lng),
        place_name: Set(history.place.name),
        place_address: Set(history.place.address),
        contact_sealed: Set(history.contact_sealed),
        anonymous: Set(history.anonymous),
        ticket_hash: Set(history.ticket_hash),
        routing: Set(routing),
        created_at: Set(case.created_at),
        ..changed(case, history.wake_at, history.updated_at)
    };
    case::Entity::insert(row).exec_without_returning(tx).await?;
    let mut events = Vec::new();
    for (seq, (event, account_id)) in (1..).zip(&history.events) {
        events.push(event_row(case.id, seq, event, *account_id)?);
    }
    case_event::Entity::insert_many(events).exec_without_returning(tx).await?;
    insert_all(tx, history.responses).await?;
    insert_all(tx, history.second_looks).await?;
    for rating in history.ratings {
        answers::insert_rating(tx, rating).await?;
    }
    Ok(())
}

/// The token of the committee's first code of this kind that works.
///
/// # Errors
/// The database does not answer.
pub async fn find_first_token(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    kind: CodeKind,
) -> Result<Option<String>, StoreError> {
    let first = code::Entity::find()
        .filter(code::Column::CommitteeId.eq(committee_id))
        .filter(code::Column::Kind.eq(kind))
        .filter(code::Column::State.eq(CodeState::Live))
        .order_by_asc(code::Column::Id)
        .select_only()
        .column(code::Column::Token);
    Ok(first.into_tuple().one(db).await?)
}
