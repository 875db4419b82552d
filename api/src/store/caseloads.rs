//! What a member leaves behind: open cases and printed codes.

use domain::case::State;
use domain::ids::{CaseId, CommitteeId, MemberId, StationId};
use domain::vocabulary::{CodeKind, CodeState};
use entity::{case, code, member_station, station};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::administration::unanswered;
use super::{StoreError, Transaction};

/// The stations that a member serves or has open cases at, with their committees.
///
/// # Errors
/// The database does not answer.
pub async fn list_stations_of(
    db: &impl ConnectionTrait,
    id: MemberId,
) -> Result<Vec<(StationId, CommitteeId)>, StoreError> {
    let served = member_station::Entity::find().filter(member_station::Column::MemberId.eq(id));
    let served = served.select_only().column(member_station::Column::StationId).into_query();
    let cases = unanswered().filter(case::Column::MemberId.eq(id));
    let cases = cases.select_only().column(case::Column::StationId).into_query();
    let stations = station::Entity::find()
        .filter(
            Condition::any()
                .add(station::Column::Id.in_subquery(served))
                .add(station::Column::Id.in_subquery(cases)),
        )
        .order_by_asc(station::Column::Id)
        .select_only()
        .columns([station::Column::Id, station::Column::CommitteeId]);
    Ok(stations.into_tuple().all(db).await?)
}

/// Cases of a member at these stations that can be reassigned, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_open_of(
    db: &impl ConnectionTrait,
    id: MemberId,
    stations: &[StationId],
    limit: u64,
) -> Result<Vec<CaseId>, StoreError> {
    let cases = unanswered()
        .filter(case::Column::MemberId.eq(id))
        .filter(case::Column::State.ne(State::AwaitingResident))
        .filter(case::Column::StationId.is_in(stations.iter().copied()))
        .order_by_asc(case::Column::Id)
        .limit(limit)
        .select_only()
        .column(case::Column::Id);
    Ok(cases.into_tuple().all(db).await?)
}

/// Lets the working codes of a member at these stations point to the station alone, and gives them as they
/// were.
///
/// # Errors
/// The database does not answer.
pub async fn rehome_codes(
    tx: &Transaction,
    id: MemberId,
    stations: &[StationId],
) -> Result<Vec<code::Model>, StoreError> {
    let codes = code::Entity::find()
        .filter(code::Column::MemberId.eq(id))
        .filter(code::Column::State.eq(CodeState::Live))
        .filter(code::Column::StationId.is_in(stations.iter().copied()))
        .order_by_asc(code::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    code::Entity::update_many()
        .col_expr(code::Column::Kind, Expr::value(CodeKind::Station))
        .col_expr(code::Column::MemberId, Expr::value(None::<MemberId>))
        .filter(code::Column::Id.is_in(codes.iter().map(|code| code.id)))
        .exec(tx)
        .await?;
    Ok(codes)
}
