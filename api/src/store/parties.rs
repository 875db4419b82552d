//! Who has to do with a case, and what one event of its history is about.

use chrono::{DateTime, Utc};
use domain::case::{EventBody, EventKind};
use domain::ids::{AccountId, CaseId, CommitteeId, DepartmentId, MemberId, StationId};
use domain::role::Role;
use domain::vocabulary::AccountState;
use entity::{account, case, case_event, department, member, role_binding, station};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::StoreError;

/// One event, with the parties at that time where it names them, else those of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// The number that people use, without hyphens.
    pub number: String,
    /// What happened.
    pub kind: EventKind,
    /// Who did it, if somebody with an account.
    pub actor: Option<AccountId>,
    /// The account that raised the case.
    pub resident_id: Option<AccountId>,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// The responsible station.
    pub station_id: StationId,
    /// The responsible member.
    pub member_id: Option<MemberId>,
    /// The member until then.
    pub from_member_id: Option<MemberId>,
    /// The department asked.
    pub department_id: Option<DepartmentId>,
    /// All departments whom it concerns.
    pub departments: Vec<DepartmentId>,
    /// How high it was raised.
    pub level: Option<i16>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// What a case's row tells of its parties, column by column as selected below.
type Parties = (String, Option<AccountId>, CommitteeId, StationId, Option<MemberId>, Option<DepartmentId>);

/// Loads one event of a case.
///
/// # Errors
/// The query fails, or the event is not there or can't be read.
pub async fn load_happening(
    db: &impl ConnectionTrait,
    case_id: CaseId,
    seq: i32,
) -> Result<Happening, StoreError> {
    let event = case_event::Entity::find_by_id((case_id, seq)).one(db).await?;
    let event = event.ok_or_else(|| StoreError::inconsistent("case_events", case_id, "event is missing"))?;
    let parties: Option<Parties> = case::Entity::find_by_id(case_id)
        .select_only()
        .columns([case::Column::Number, case::Column::ResidentId, case::Column::CommitteeId])
        .columns([case::Column::StationId, case::Column::MemberId, case::Column::DepartmentId])
        .into_tuple()
        .one(db)
        .await?;
    let (number, resident_id, committee_id, station_id, member_id, department_id) =
        parties.ok_or_else(|| StoreError::inconsistent("cases", case_id, "case is missing"))?;
    let body: EventBody = serde_json::from_value(event.body)
        .map_err(|_| StoreError::inconsistent("case_events", case_id, "body can't be read"))?;
    let department_id = body.department_id.or(department_id);
    let of_parts = body.parts.iter().map(|asked| asked.department_id);
    let departments = department_id.into_iter().chain(body.from_department_id).chain(of_parts).collect();
    Ok(Happening {
        number,
        kind: event.kind,
        actor: event.account_id,
        resident_id,
        committee_id,
        station_id: body.station_id.unwrap_or(station_id),
        member_id: body.member_id.or(member_id),
        from_member_id: body.from_member_id,
        department_id,
        departments,
        level: body.level,
        at: event.at,
    })
}

/// The active accounts that hold a role in a scope.
///
/// # Errors
/// The query fails.
pub async fn list_holders(
    db: &impl ConnectionTrait,
    role: Role,
    scope_id: Uuid,
) -> Result<Vec<AccountId>, StoreError> {
    let holders = role_binding::Entity::find()
        .join(
            JoinType::InnerJoin,
            role_binding::Entity::belongs_to(account::Entity)
                .from(role_binding::Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(role_binding::Column::ScopeId.eq(scope_id))
        .filter(role_binding::Column::Role.eq(role))
        .filter(role_binding::Column::RevokedAt.is_null())
        .filter(account::Column::State.eq(AccountState::Active))
        .select_only()
        .column(role_binding::Column::AccountId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(holders)
}

/// The account, if it may still log in.
///
/// # Errors
/// The query fails.
pub async fn find_active(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<AccountId>, StoreError> {
    let found = account::Entity::find_by_id(id)
        .filter(account::Column::State.eq(AccountState::Active))
        .select_only()
        .column(account::Column::Id)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found)
}

/// A member's name.
///
/// # Errors
/// The query fails.
pub async fn find_member_name(
    db: &impl ConnectionTrait,
    id: Option<MemberId>,
) -> Result<Option<String>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let name = member::Entity::find_by_id(id).select_only().column(member::Column::Name);
    Ok(name.into_tuple().one(db).await?)
}

/// A station's name.
///
/// # Errors
/// The query fails.
pub async fn find_station_name(
    db: &impl ConnectionTrait,
    id: StationId,
) -> Result<Option<String>, StoreError> {
    let name = station::Entity::find_by_id(id).select_only().column(station::Column::Name);
    Ok(name.into_tuple().one(db).await?)
}

/// A department's name.
///
/// # Errors
/// The query fails.
pub async fn find_department_name(
    db: &impl ConnectionTrait,
    id: Option<DepartmentId>,
) -> Result<Option<String>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let name = department::Entity::find_by_id(id).select_only().column(department::Column::Name);
    Ok(name.into_tuple().one(db).await?)
}
