//! What admins of a committee keep beside whole rows: which things belong to a committee, links between
//! them, and the open cases that stand in the way of closing one.

use chrono::NaiveDate;
use domain::case::State;
use domain::ids::{CategoryId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use entity::{
    case, category, category_sector, committee, member, member_speciality, member_station, sector, station,
};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect,
    Select,
};

use super::directory::members::in_office;
use super::{StoreError, Transaction};

/// Rows that are added by one statement.
const PART: usize = 500;

/// Whether all of these sectors, each named once, belong to the committee.
///
/// # Errors
/// The database does not answer.
pub async fn are_sectors_of(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    ids: &[SectorId],
) -> Result<bool, StoreError> {
    let own = sector::Entity::find().filter(sector::Column::CommitteeId.eq(committee_id));
    count_all(db, own.filter(sector::Column::Id.is_in(ids.iter().copied())), ids.len()).await
}

/// Whether all of these stations, each named once, belong to the committee.
///
/// # Errors
/// The database does not answer.
pub async fn are_stations_of(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    ids: &[StationId],
) -> Result<bool, StoreError> {
    let own = station::Entity::find().filter(station::Column::CommitteeId.eq(committee_id));
    count_all(db, own.filter(station::Column::Id.is_in(ids.iter().copied())), ids.len()).await
}

/// Whether all of these categories, each named once, belong to the committee.
///
/// # Errors
/// The database does not answer.
pub async fn are_categories_of(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    ids: &[CategoryId],
) -> Result<bool, StoreError> {
    let own = category::Entity::find().filter(category::Column::CommitteeId.eq(committee_id));
    count_all(db, own.filter(category::Column::Id.is_in(ids.iter().copied())), ids.len()).await
}

async fn count_all<E>(db: &impl ConnectionTrait, found: Select<E>, wanted: usize) -> Result<bool, StoreError>
where
    E: EntityTrait,
    E::Model: Sync,
{
    if wanted == 0 {
        return Ok(true);
    }
    Ok(usize::try_from(found.count(db).await?).is_ok_and(|found| found == wanted))
}

/// The sectors that a category falls to.
///
/// # Errors
/// The database does not answer.
pub async fn list_sectors_of(db: &impl ConnectionTrait, id: CategoryId) -> Result<Vec<SectorId>, StoreError> {
    let links = category_sector::Entity::find().filter(category_sector::Column::CategoryId.eq(id));
    Ok(links.select_only().column(category_sector::Column::SectorId).into_tuple().all(db).await?)
}

/// The stations that a member serves.
///
/// # Errors
/// The database does not answer.
pub async fn list_stations_of(db: &impl ConnectionTrait, id: MemberId) -> Result<Vec<StationId>, StoreError> {
    let links = member_station::Entity::find().filter(member_station::Column::MemberId.eq(id));
    Ok(links.select_only().column(member_station::Column::StationId).into_tuple().all(db).await?)
}

/// The categories that a member knows well.
///
/// # Errors
/// The database does not answer.
pub async fn list_specialities_of(
    db: &impl ConnectionTrait,
    id: MemberId,
) -> Result<Vec<CategoryId>, StoreError> {
    let links = member_speciality::Entity::find().filter(member_speciality::Column::MemberId.eq(id));
    Ok(links.select_only().column(member_speciality::Column::CategoryId).into_tuple().all(db).await?)
}

/// Lets a category fall to these sectors and no others.
///
/// # Errors
/// The database does not answer.
pub async fn replace_sectors_of(
    tx: &Transaction,
    category_id: CategoryId,
    sectors: &[SectorId],
) -> Result<(), StoreError> {
    let all = category_sector::Entity::delete_many();
    all.filter(category_sector::Column::CategoryId.eq(category_id)).exec(tx).await?;
    let rows = sectors.iter().map(|id| category_sector::Model { category_id, sector_id: *id });
    insert(category_sector::Entity, tx, rows.map(IntoActiveModel::into_active_model).collect()).await
}

/// Lets a member serve these stations and no others.
///
/// # Errors
/// The database does not answer.
pub async fn replace_stations_of(
    tx: &Transaction,
    member_id: MemberId,
    stations: &[StationId],
) -> Result<(), StoreError> {
    let all = member_station::Entity::delete_many();
    all.filter(member_station::Column::MemberId.eq(member_id)).exec(tx).await?;
    let rows = stations.iter().map(|id| member_station::Model { member_id, station_id: *id });
    insert(member_station::Entity, tx, rows.map(IntoActiveModel::into_active_model).collect()).await
}

/// Lets a member know these categories and no others well.
///
/// # Errors
/// The database does not answer.
pub async fn replace_specialities_of(
    tx: &Transaction,
    member_id: MemberId,
    categories: &[CategoryId],
) -> Result<(), StoreError> {
    let all = member_speciality::Entity::delete_many();
    all.filter(member_speciality::Column::MemberId.eq(member_id)).exec(tx).await?;
    let rows = categories.iter().map(|id| member_speciality::Model { member_id, category_id: *id });
    insert(member_speciality::Entity, tx, rows.map(IntoActiveModel::into_active_model).collect()).await
}

async fn insert<E: EntityTrait>(_: E, tx: &Transaction, rows: Vec<E::ActiveModel>) -> Result<(), StoreError>
where
    E::ActiveModel: Send,
{
    if !rows.is_empty() {
        E::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Something of a committee that is called by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedThing<Id> {
    /// Key.
    pub id: Id,
    /// As it is called.
    pub name: String,
    /// Whether it is closed.
    pub closed: bool,
}

/// A member of a committee, as namesakes are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMember {
    /// The name.
    pub name: String,
    /// The sector.
    pub sector_id: SectorId,
}

/// The sectors of a committee.
///
/// # Errors
/// The database does not answer.
pub async fn list_sector_names(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
) -> Result<Vec<NamedThing<SectorId>>, StoreError> {
    let rows = sector::Entity::find().filter(sector::Column::CommitteeId.eq(committee_id)).all(db).await?;
    Ok(rows.into_iter().map(|row| NamedThing { id: row.id, name: row.name, closed: false }).collect())
}

/// The stations of a committee.
///
/// # Errors
/// The database does not answer.
pub async fn list_station_names(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
) -> Result<Vec<NamedThing<StationId>>, StoreError> {
    let rows = station::Entity::find().filter(station::Column::CommitteeId.eq(committee_id)).all(db).await?;
    let named =
        |row: station::Model| NamedThing { id: row.id, name: row.name, closed: row.closed_at.is_some() };
    Ok(rows.into_iter().map(named).collect())
}

/// The categories of a committee.
///
/// # Errors
/// The database does not answer.
pub async fn list_category_names(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
) -> Result<Vec<NamedThing<CategoryId>>, StoreError> {
    let rows =
        category::Entity::find().filter(category::Column::CommitteeId.eq(committee_id)).all(db).await?;
    let named =
        |row: category::Model| NamedThing { id: row.id, name: row.name, closed: row.closed_at.is_some() };
    Ok(rows.into_iter().map(named).collect())
}

/// The members of a committee who are in office that day.
///
/// # Errors
/// The database does not answer.
pub async fn list_member_names(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    today: NaiveDate,
) -> Result<Vec<NamedMember>, StoreError> {
    let rows: Vec<(String, SectorId)> = member::Entity::find()
        .select_only()
        .columns([member::Column::Name, member::Column::SectorId])
        .filter(member::Column::CommitteeId.eq(committee_id))
        .filter(in_office(today))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(name, sector_id)| NamedMember { name, sector_id }).collect())
}

/// Locks a committee's row: whoever adds many members looks for namesakes first. Cases and members may point
/// to the row meanwhile; only another import waits.
///
/// # Errors
/// The database does not answer.
pub async fn lock_committee(tx: &Transaction, id: CommitteeId) -> Result<(), StoreError> {
    committee::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?;
    Ok(())
}

/// Adds many members with what they serve and know well.
///
/// # Errors
/// The database does not answer.
pub async fn insert_members(
    tx: &Transaction,
    members: Vec<member::Model>,
    stations: Vec<(MemberId, StationId)>,
    specialities: Vec<(MemberId, CategoryId)>,
) -> Result<(), StoreError> {
    let members = members.into_iter().map(IntoActiveModel::into_active_model).collect();
    insert_in_parts(member::Entity, tx, members).await?;
    let serving = stations
        .into_iter()
        .map(|(member_id, station_id)| member_station::Model { member_id, station_id }.into_active_model());
    insert_in_parts(member_station::Entity, tx, serving.collect()).await?;
    let knowing = specialities.into_iter().map(|(member_id, category_id)| {
        member_speciality::Model { member_id, category_id }.into_active_model()
    });
    insert_in_parts(member_speciality::Entity, tx, knowing.collect()).await
}

/// Adds rows, some at a time: a statement takes no more than so many values.
async fn insert_in_parts<E: EntityTrait>(
    entity: E,
    tx: &Transaction,
    mut rows: Vec<E::ActiveModel>,
) -> Result<(), StoreError>
where
    E::ActiveModel: Send,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(PART));
        insert(entity, tx, std::mem::replace(&mut rows, rest)).await?;
    }
    Ok(())
}

fn open_cases() -> Select<case::Entity> {
    let open = State::ALL.iter().copied().filter(|state| state.is_open());
    case::Entity::find().filter(case::Column::State.is_in(open))
}

/// Cases that their member still has to do something about: an answered one waits for the resident, and a
/// contested one for the manager.
pub(super) fn unanswered() -> Select<case::Entity> {
    let states = State::ALL.iter().copied().filter(|state| state.is_before_response());
    case::Entity::find().filter(case::Column::State.is_in(states))
}

/// The cases that a member still has to do something about.
///
/// # Errors
/// The database does not answer.
pub async fn count_unanswered_of_member(db: &impl ConnectionTrait, id: MemberId) -> Result<u64, StoreError> {
    Ok(unanswered().filter(case::Column::MemberId.eq(id)).count(db).await?)
}

/// The cases that a department has not replied to.
///
/// # Errors
/// The database does not answer.
pub async fn count_dispatched(db: &impl ConnectionTrait, id: DepartmentId) -> Result<u64, StoreError> {
    Ok(open_cases().filter(case::Column::DepartmentId.eq(id)).count(db).await?)
}

/// The open cases of a station.
///
/// # Errors
/// The database does not answer.
pub async fn count_open_at_station(db: &impl ConnectionTrait, id: StationId) -> Result<u64, StoreError> {
    Ok(open_cases().filter(case::Column::StationId.eq(id)).count(db).await?)
}

/// The cases that a member still has to do something about at these stations, or anywhere.
///
/// # Errors
/// The database does not answer.
pub async fn count_unanswered_at(
    db: &impl ConnectionTrait,
    id: MemberId,
    stations: &[StationId],
    anywhere: bool,
) -> Result<u64, StoreError> {
    let own = unanswered().filter(case::Column::MemberId.eq(id));
    match (anywhere, stations) {
        (true, _) => Ok(own.count(db).await?),
        (false, []) => Ok(0),
        (false, stations) => {
            Ok(own.filter(case::Column::StationId.is_in(stations.iter().copied())).count(db).await?)
        }
    }
}
