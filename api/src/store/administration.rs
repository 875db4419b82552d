//! What admins of a committee keep beside whole rows: which things belong to a committee, links between
//! them, and the open cases that stand in the way of closing one.

use domain::case::State;
use domain::ids::{CategoryId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use entity::{case, category, category_sector, member_speciality, member_station, sector, station};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect,
    Select,
};

use super::{StoreError, Transaction};

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
