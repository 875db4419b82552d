//! What routing reads: the directory of one committee around a moment, and the loads of its members.

use std::collections::HashMap;
use std::num::NonZeroU16;
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::shanghai_date;
use domain::case::State;
use domain::geo::{Area, Point};
use domain::ids::{CategoryId, CommitteeId, MemberId, StationId};
use domain::routing::{Absence, Category, Directory, Loads, Member, Sector, Shift, Station, Word};
use entity::{
    absence, case, category, category_sector, duty_shift, member, member_speciality, member_station, sector,
    station,
};
use sea_orm::sea_query::{ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoSimpleExpr, JoinType, QueryFilter, QuerySelect,
    QueryTrait,
};

use super::StoreError;

/// How far back shifts and absences are read: a snapshot may be used a while after it was taken.
const BEFORE: TimeDelta = TimeDelta::hours(1);
/// How far ahead.
const AHEAD: TimeDelta = TimeDelta::hours(26);

/// The states in which a case is on its member's desk.
const ON_THE_DESK: [State; 5] =
    [State::Assigned, State::InProgress, State::AwaitingResident, State::Dispatched, State::Planned];

/// The directory of one committee, fit for routing from an hour before `now` to a day after it. Members of
/// other committees who serve one of its stations are in it. Eight statements.
///
/// # Errors
/// The database does not answer, or a row does not fit the rules.
pub async fn load(
    conn: &impl ConnectionTrait,
    committee_id: CommitteeId,
    now: DateTime<Utc>,
) -> Result<Directory, StoreError> {
    load_between(conn, committee_id, now, now - BEFORE..now + AHEAD).await
}

/// The directory of one committee as it is `now`, with the roster and the absences of any period: fit for
/// routing in it. As many statements as [`load`].
///
/// # Errors
/// As [`load`].
pub async fn load_between(
    conn: &impl ConnectionTrait,
    committee_id: CommitteeId,
    now: DateTime<Utc>,
    period: Range<DateTime<Utc>>,
) -> Result<Directory, StoreError> {
    Ok(Directory {
        stations: load_stations(conn, committee_id).await?,
        members: load_members(conn, committee_id, now, &period).await?,
        categories: load_categories(conn, committee_id).await?,
        roster: load_roster(conn, committee_id, &period).await?,
    })
}

/// How many cases lie on the desks of these members, in one statement.
///
/// # Errors
/// The database does not answer.
pub async fn loads(conn: &impl ConnectionTrait, members: &[MemberId]) -> Result<Loads, StoreError> {
    if members.is_empty() {
        return Ok(Loads::default());
    }
    count(conn, Condition::all().add(case::Column::MemberId.is_in(members.iter().copied()))).await
}

/// How many cases lie on the desks of the members who serve a station, in one statement.
///
/// # Errors
/// The database does not answer.
pub async fn loads_of_station(
    conn: &impl ConnectionTrait,
    station_id: StationId,
) -> Result<Loads, StoreError> {
    let serving = member_station::Entity::find()
        .select_only()
        .column(member_station::Column::MemberId)
        .filter(member_station::Column::StationId.eq(station_id))
        .into_query();
    count(conn, Condition::all().add(case::Column::MemberId.in_subquery(serving))).await
}

async fn count(conn: &impl ConnectionTrait, whose: Condition) -> Result<Loads, StoreError> {
    let rows: Vec<(MemberId, i64)> = case::Entity::find()
        .select_only()
        .column(case::Column::MemberId)
        .column_as(case::Column::Id.count(), "open_cases")
        .filter(whose)
        .filter(case::Column::State.is_in(ON_THE_DESK))
        .group_by(case::Column::MemberId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, count)| (id, u32::try_from(count).unwrap_or(u32::MAX))).collect())
}

async fn load_stations(
    conn: &impl ConnectionTrait,
    committee_id: CommitteeId,
) -> Result<Vec<Station>, StoreError> {
    let rows =
        station::Entity::find().filter(station::Column::CommitteeId.eq(committee_id)).all(conn).await?;
    rows.into_iter().map(to_station).collect()
}

fn to_station(row: station::Model) -> Result<Station, StoreError> {
    let inconsistent = |problem: String| StoreError::inconsistent("stations", row.id, problem);
    let point = match (row.lat, row.lng) {
        (Some(lat), Some(lng)) => {
            Some(Point::new(lat, lng).map_err(|error| inconsistent(error.to_string()))?)
        }
        _ => None,
    };
    let area = row.service_area.map(serde_json::from_value::<Area>).transpose();
    let area = area.map_err(|error| inconsistent(error.to_string()))?;
    Ok(Station { id: row.id, name: row.name, point, area, open: row.closed_at.is_none() })
}

/// The ids of the committee's own stations.
fn stations_of(committee_id: CommitteeId) -> SelectStatement {
    let select = station::Entity::find().select_only().column(station::Column::Id);
    select.filter(station::Column::CommitteeId.eq(committee_id)).into_query()
}

/// The ids of the members who belong to the committee or serve one of its stations.
fn members_of(committee_id: CommitteeId) -> SelectStatement {
    let serving = member_station::Entity::find()
        .select_only()
        .column(member_station::Column::MemberId)
        .filter(member_station::Column::StationId.in_subquery(stations_of(committee_id)))
        .into_query();
    let known = Condition::any()
        .add(member::Column::CommitteeId.eq(committee_id))
        .add(member::Column::Id.in_subquery(serving));
    member::Entity::find().select_only().column(member::Column::Id).filter(known).into_query()
}

async fn load_members(
    conn: &impl ConnectionTrait,
    committee_id: CommitteeId,
    now: DateTime<Utc>,
    period: &Range<DateTime<Utc>>,
) -> Result<Vec<Member>, StoreError> {
    let members = || members_of(committee_id);
    let rows = member::Entity::find().filter(member::Column::Id.in_subquery(members())).all(conn).await?;
    let stations: Vec<(MemberId, StationId)> = member_station::Entity::find()
        .select_only()
        .columns([member_station::Column::MemberId, member_station::Column::StationId])
        .filter(member_station::Column::MemberId.in_subquery(members()))
        .into_tuple()
        .all(conn)
        .await?;
    let specialities: Vec<(MemberId, CategoryId)> = member_speciality::Entity::find()
        .select_only()
        .columns([member_speciality::Column::MemberId, member_speciality::Column::CategoryId])
        .filter(member_speciality::Column::MemberId.in_subquery(members()))
        .into_tuple()
        .all(conn)
        .await?;
    let absences: Vec<(MemberId, DateTime<Utc>, DateTime<Utc>)> = absence::Entity::find()
        .select_only()
        .columns([absence::Column::MemberId, absence::Column::StartsAt, absence::Column::EndsAt])
        .filter(absence::Column::MemberId.in_subquery(members()))
        .filter(absence::Column::EndsAt.gt(period.start))
        .filter(absence::Column::StartsAt.lt(period.end))
        .into_tuple()
        .all(conn)
        .await?;
    let mut stations = grouped(stations);
    let mut specialities = grouped(specialities);
    let absences = absences.into_iter().map(|(id, from, until)| (id, Absence { from, until }));
    let mut absences = grouped(absences);
    let today = shanghai_date(now);
    let member = |row: member::Model| {
        let capacity = u16::try_from(row.capacity).ok().and_then(NonZeroU16::new);
        let capacity = capacity.ok_or_else(|| StoreError::inconsistent("members", row.id, "capacity"))?;
        Ok(Member {
            id: row.id,
            name: Word::from(row.name),
            sector_id: row.sector_id,
            specialities: specialities.remove(&row.id).unwrap_or_default(),
            stations: stations.remove(&row.id).unwrap_or_default(),
            capacity,
            absences: absences.remove(&row.id).unwrap_or_default(),
            left: row.left_on.is_some_and(|left_on| left_on <= today),
            may_receive: true,
        })
    };
    rows.into_iter().map(member).collect()
}

fn grouped<V>(pairs: impl IntoIterator<Item = (MemberId, V)>) -> HashMap<MemberId, Vec<V>> {
    let mut groups: HashMap<MemberId, Vec<V>> = HashMap::new();
    for (id, value) in pairs {
        groups.entry(id).or_default().push(value);
    }
    groups
}

async fn load_categories(
    conn: &impl ConnectionTrait,
    committee_id: CommitteeId,
) -> Result<Vec<Category>, StoreError> {
    let rows = category::Entity::find()
        .filter(category::Column::CommitteeId.eq(committee_id))
        .filter(category::Column::ClosedAt.is_null())
        .all(conn)
        .await?;
    let to_sector = category_sector::Entity::belongs_to(sector::Entity)
        .from(category_sector::Column::SectorId)
        .to(sector::Column::Id);
    let ids = rows.iter().map(|row| row.id);
    let sectors: Vec<(CategoryId, domain::ids::SectorId, String)> = category_sector::Entity::find()
        .join(JoinType::InnerJoin, to_sector.into())
        .select_only()
        .column(category_sector::Column::CategoryId)
        .column(sector::Column::Id)
        .column(sector::Column::Name)
        .filter(category_sector::Column::CategoryId.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?;
    let category = |row: category::Model| {
        let keywords = serde_json::from_value::<Vec<Word>>(row.keywords)
            .map_err(|error| StoreError::inconsistent("categories", row.id, error))?;
        let own = sectors.iter().filter(|(category_id, ..)| *category_id == row.id);
        let sectors = own.map(|(_, id, name)| Sector { id: *id, name: name.clone() }).collect();
        Ok(Category { id: row.id, name: row.name, keywords, sectors })
    };
    rows.into_iter().map(category).collect()
}

async fn load_roster(
    conn: &impl ConnectionTrait,
    committee_id: CommitteeId,
    period: &Range<DateTime<Utc>>,
) -> Result<Vec<Shift>, StoreError> {
    let rows = duty_shift::Entity::find()
        .filter(duty_shift::Column::StationId.in_subquery(stations_of(committee_id)))
        .filter(duty_shift::Column::CancelledAt.is_null())
        .filter(duty_shift::Column::EndsAt.gt(period.start))
        .filter(duty_shift::Column::StartsAt.into_simple_expr().lt(period.end))
        .all(conn)
        .await?;
    let shift = |row: duty_shift::Model| Shift {
        station_id: row.station_id,
        member_id: row.member_id,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    };
    Ok(rows.into_iter().map(shift).collect())
}

#[cfg(test)]
mod tests;
