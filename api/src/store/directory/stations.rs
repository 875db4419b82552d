//! Stations as everybody may see them.

use domain::ids::{CommitteeId, StationId};
use domain::vocabulary::StationKind;
use entity::station;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::holds;
use crate::store::StoreError;

/// A station without its outline.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "station::Entity")]
pub struct StationRow {
    /// Key.
    pub id: StationId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// What kind of place it is.
    pub kind: StationKind,
    /// As it is called.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its public office number.
    pub phone: Option<String>,
    /// When somebody is there, in words.
    pub opening_hours: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
    /// Shown on its scan card.
    pub notice: Option<String>,
    /// Since when it is closed.
    pub closed_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Where a station lies, for sorting by distance.
#[derive(Debug, Clone, Copy, DerivePartialModel)]
#[sea_orm(entity = "station::Entity")]
pub struct StationPlace {
    /// Key.
    pub id: StationId,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
}

/// Which stations are wanted; nothing set means all that are open.
#[derive(Debug, Clone, Default)]
pub struct StationFilter {
    /// In the name or the address.
    pub words: Option<String>,
    /// Of one of these committees.
    pub committees: Option<Vec<CommitteeId>>,
    /// Of this kind.
    pub kind: Option<StationKind>,
}

fn open(filter: &StationFilter) -> Select<station::Entity> {
    let mut select =
        station::Entity::find().filter(station::Column::ClosedAt.is_null()).order_by_asc(station::Column::Id);
    if let Some(words) = &filter.words {
        let found = Condition::any()
            .add(holds(station::Column::Name, words))
            .add(holds(station::Column::Address, words));
        select = select.filter(found);
    }
    if let Some(committees) = &filter.committees {
        select = select.filter(station::Column::CommitteeId.is_in(committees.iter().copied()));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(station::Column::Kind.eq(kind));
    }
    select
}

/// Open stations after `last`, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    conn: &impl ConnectionTrait,
    filter: &StationFilter,
    last: Option<StationId>,
    limit: u64,
) -> Result<Vec<StationRow>, StoreError> {
    let mut select = open(filter).limit(limit);
    if let Some(last) = last {
        select = select.filter(station::Column::Id.gt(last));
    }
    Ok(select.into_partial_model().all(conn).await?)
}

/// Where the open stations lie, `most` of them at most.
///
/// # Errors
/// The database does not answer.
pub async fn list_places(
    conn: &impl ConnectionTrait,
    filter: &StationFilter,
    most: u64,
) -> Result<Vec<StationPlace>, StoreError> {
    Ok(open(filter).limit(most).into_partial_model().all(conn).await?)
}

/// The stations of these committees after `last`, open and closed, in the order in which they were made: what
/// they are called.
///
/// # Errors
/// The database does not answer.
pub async fn list_names(
    conn: &impl ConnectionTrait,
    committees: &[CommitteeId],
    last: Option<StationId>,
    limit: u64,
) -> Result<Vec<(StationId, String)>, StoreError> {
    let mut select = station::Entity::find()
        .select_only()
        .columns([station::Column::Id, station::Column::Name])
        .filter(station::Column::CommitteeId.is_in(committees.iter().copied()))
        .order_by_asc(station::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(station::Column::Id.gt(last));
    }
    Ok(select.into_tuple().all(conn).await?)
}

/// These stations, in no order.
///
/// # Errors
/// The database does not answer.
pub async fn list_by_ids(
    conn: &impl ConnectionTrait,
    ids: &[StationId],
) -> Result<Vec<StationRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = station::Entity::find().filter(station::Column::Id.is_in(ids.iter().copied()));
    Ok(select.into_partial_model().all(conn).await?)
}

/// A station, open or closed, with everything that is known of it.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl ConnectionTrait, id: StationId) -> Result<Option<station::Model>, StoreError> {
    Ok(station::Entity::find_by_id(id).one(conn).await?)
}

/// A station as everybody may see it, open or closed.
///
/// # Errors
/// The database does not answer.
pub async fn find_public(
    conn: &impl ConnectionTrait,
    id: StationId,
) -> Result<Option<StationRow>, StoreError> {
    Ok(station::Entity::find_by_id(id).into_partial_model().one(conn).await?)
}
