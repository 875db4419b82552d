//! How many cases of some members there are: the open ones by state, and all; and how those that are open
//! stand with their stations.

use chrono::{DateTime, NaiveDate, Utc};
use domain::case::State;
use domain::deadline::Stage;
use domain::ids::{AccountId, MemberId, StationId};
use entity::case;
use sea_orm::sea_query::{Expr, ExprTrait, Func, FunctionCall};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
};

use super::figures::Whose;
use super::{StoreError, case_views};

/// The cases of one state; those that are planned, by the day of their promise.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct StateCount {
    /// The state.
    pub state: State,
    /// The last day of the promise, while planned.
    pub promised_on: Option<NaiveDate>,
    /// Whether their answer waits to be signed off.
    pub submitted: bool,
    /// How many.
    pub total: i64,
    /// How many of them have changed since the reader saw them.
    pub unseen: i64,
    /// How many of them are late.
    pub overdue: i64,
}

/// Counts the cases of these members that have not ended, with what `reader` has not seen, late at `now`.
///
/// # Errors
/// The database does not answer.
pub async fn open_by_state(
    db: &impl ConnectionTrait,
    members: &[MemberId],
    reader: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<StateCount>, StoreError> {
    let running = State::ALL.iter().copied().filter(|state| state.clock_runs());
    let late = case::Column::State.is_in(running).and(case::Column::RespondBy.lte(now));
    let unseen = case_views::newest_unseen(reader).is_not_null();
    let counts = case::Entity::find()
        .select_only()
        .columns([case::Column::State, case::Column::PromisedOn])
        .expr_as(case::Column::SubmittedSeq.is_not_null(), "submitted")
        .expr_as(Func::count(Expr::col((case::Entity, case::Column::Id))), "total")
        .expr_as(count_where(unseen), "unseen")
        .expr_as(count_where(late), "overdue")
        .join(JoinType::LeftJoin, case_views::seen_by(reader))
        .filter(case::Column::MemberId.is_in(members.iter().copied()))
        .filter(case::Column::EndedAt.is_null())
        .group_by(case::Column::State)
        .group_by(case::Column::PromisedOn)
        .group_by(case::Column::SubmittedSeq.is_not_null());
    Ok(counts.into_model().all(db).await?)
}

/// How many cases these members have in all, told by an index alone: those that have ended are nearly all,
/// and nobody counts them one by one.
///
/// # Errors
/// The database does not answer.
pub async fn all(db: &impl ConnectionTrait, members: &[MemberId]) -> Result<i64, StoreError> {
    let of_members = case::Entity::find().filter(case::Column::MemberId.is_in(members.iter().copied()));
    let total = of_members.select_only().expr(Func::count(Expr::col((case::Entity, case::Column::Id))));
    Ok(total.into_tuple().one(db).await?.unwrap_or_default())
}

/// How the open cases of a station stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
pub struct OpenCount {
    /// How many there are. A merged case is open with its leading case.
    pub open: i64,
    /// How many of them are due soon.
    pub due_soon: i64,
    /// How many of them are late with their answer.
    pub overdue: i64,
}

/// Counts the cases that are open at `now`, by station.
///
/// # Errors
/// The database does not answer.
pub async fn open_by_station(
    db: &impl ConnectionTrait,
    whose: &Whose,
    now: DateTime<Utc>,
) -> Result<Vec<(StationId, OpenCount)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        station_id: StationId,
        #[sea_orm(nested)]
        count: OpenCount,
    }
    let states = |wanted: fn(&State) -> bool| State::ALL.iter().copied().filter(wanted);
    let running = case::Column::State.is_in(states(|state| state.clock_runs()));
    let late = running.clone().and(case::Column::RespondBy.lte(now));
    let soon = running.and(case::Column::RespondBy.gt(now)).and(case::Column::Stage.eq(Stage::DueSoon));
    let counts = case::Entity::find()
        .select_only()
        .column(case::Column::StationId)
        .expr_as(Func::count(Expr::col((case::Entity, case::Column::Id))), "open")
        .expr_as(count_where(soon), "due_soon")
        .expr_as(count_where(late), "overdue")
        .filter(case::Column::EndedAt.is_null())
        .filter(case::Column::State.is_in(states(|state| state.is_open())))
        .group_by(case::Column::StationId);
    let counts = match whose {
        Whose::Stations(ids) => counts.filter(case::Column::StationId.is_in(ids.iter().copied())),
        Whose::Member(id, None) => counts.filter(case::Column::MemberId.eq(*id)),
        Whose::Member(id, Some(stations)) => counts
            .filter(case::Column::MemberId.eq(*id))
            .filter(case::Column::StationId.is_in(stations.iter().copied())),
    };
    let rows: Vec<Row> = counts.into_model().all(db).await?;
    Ok(rows.into_iter().map(|row| (row.station_id, row.count)).collect())
}

fn count_where(condition: Expr) -> FunctionCall {
    Func::sum(Expr::case(condition, 1).finally(0))
}
