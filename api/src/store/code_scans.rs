//! Scans of codes by the hour, and what they tell about a poster.

use chrono::{DateTime, Utc};
use domain::ids::{CodeId, StationId};
use domain::scans::{BURST_LEAST, BURST_SHOWN_DAYS, BURST_TIMES, Hour, UNSCANNED_DAYS, USUAL_DAYS};
use domain::vocabulary::{CodeConcern, CodeState, Outcome, ScanResult};
use entity::code_scan::{ActiveModel, Column, Entity, Model};
use entity::{case, code};
use sea_orm::sea_query::{
    Alias, CaseStatement, Cond, Expr, ExprTrait, Func, OnConflict, Query, SelectStatement,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{StoreError, Transaction};

/// What is counted: a code, and what came of scanning it.
pub type Counted = (CodeId, ScanResult);

/// Adds scans to an hour, in one statement. The order of the rows is the codes', so that two who add at the
/// same time don't wait for each other crosswise.
///
/// # Errors
/// The database does not answer; then nothing was added.
pub async fn add(tx: &Transaction, hour: Hour, counts: &[(Counted, i64)]) -> Result<(), StoreError> {
    let mut rows: Vec<Model> = counts
        .iter()
        .map(|((code_id, result), scans)| Model {
            code_id: *code_id,
            hour: hour.0,
            result: *result,
            scans: *scans,
        })
        .collect();
    rows.sort_by_key(|row| (row.code_id, row.result));
    let rows: Vec<ActiveModel> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    let sum = Expr::col((Entity, Column::Scans)).add(Expr::col((Alias::new("excluded"), Column::Scans)));
    let known = OnConflict::columns([Column::CodeId, Column::Hour, Column::Result])
        .value(Column::Scans, sum)
        .to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx).await?;
    Ok(())
}

/// Which of these codes are in the registry. One that is not has no row to add to.
///
/// # Errors
/// The database does not answer.
pub async fn list_known(db: &impl ConnectionTrait, ids: &[CodeId]) -> Result<Vec<CodeId>, StoreError> {
    let select = code::Entity::find().select_only().column(code::Column::Id);
    Ok(select.filter(code::Column::Id.is_in(ids.iter().copied())).into_tuple().all(db).await?)
}

/// Whose scans are asked for.
#[derive(Debug, Clone, Copy)]
pub enum ScansOf {
    /// One code's.
    Code(CodeId),
    /// Those of all codes of a station.
    Station(StationId),
}

impl ScansOf {
    fn has(self, column: Expr) -> Expr {
        match self {
            Self::Code(id) => column.eq(id),
            Self::Station(id) => {
                let codes = Query::select()
                    .column(code::Column::Id)
                    .from(code::Entity)
                    .and_where(code::Column::StationId.eq(id))
                    .to_owned();
                column.in_subquery(codes)
            }
        }
    }
}

/// Scans of one hour.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct HourScans {
    /// The hour, as [`Hour`].
    pub hour: i32,
    /// What came of them.
    pub result: ScanResult,
    /// How many.
    pub scans: i64,
}

/// The scans of each hour from one to before another; hours without any are left out.
///
/// # Errors
/// The database does not answer.
pub async fn list_hours(
    db: &impl ConnectionTrait,
    of: ScansOf,
    from: Hour,
    until: Hour,
) -> Result<Vec<HourScans>, StoreError> {
    let sum = Func::cast_as(Expr::col(Column::Scans).sum(), Alias::new("bigint"));
    let select = Query::select()
        .columns([Column::Hour, Column::Result])
        .expr_as(sum, "scans")
        .from(Entity)
        .and_where(of.has(Expr::col(Column::CodeId)))
        .and_where(Column::Hour.gte(from.0))
        .and_where(Column::Hour.lt(until.0))
        .group_by_columns([Column::Hour, Column::Result])
        .to_owned();
    Ok(HourScans::find_by_statement(db.get_database_backend().build(&select)).all(db).await?)
}

/// What became of the cases that came through codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
pub struct CasesOfCodes {
    /// All that came in.
    pub cases: i64,
    /// Those that have been answered.
    pub answered: i64,
    /// Those whose resident has confirmed the answer, as a whole or in part.
    pub confirmed: i64,
}

/// What became of the cases that came in from one instant to before another.
///
/// # Errors
/// The database does not answer.
pub async fn count_cases(
    db: &impl ConnectionTrait,
    of: ScansOf,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<CasesOfCodes, StoreError> {
    let column = |column: case::Column| Expr::col((case::Entity, column));
    let confirmed = column(case::Column::Outcome).is_in([Outcome::Solved, Outcome::Partly]);
    let confirmed: Expr = CaseStatement::new().case(confirmed, 1).into();
    let select = Query::select()
        .expr_as(column(case::Column::Id).count(), "cases")
        .expr_as(column(case::Column::RespondedAt).count(), "answered")
        .expr_as(confirmed.count(), "confirmed")
        .from(case::Entity)
        .and_where(of.has(column(case::Column::CodeId)))
        .and_where(column(case::Column::CreatedAt).gte(from))
        .and_where(column(case::Column::CreatedAt).lt(until))
        .to_owned();
    let counted = CasesOfCodes::find_by_statement(db.get_database_backend().build(&select)).one(db).await?;
    Ok(counted.unwrap_or_default())
}

/// The last hour in which each of these codes was scanned; those that never were are left out.
///
/// # Errors
/// The database does not answer.
pub async fn list_last(db: &impl ConnectionTrait, ids: &[CodeId]) -> Result<Vec<(CodeId, i32)>, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::CodeId)
        .column_as(Column::Hour.max(), "hour")
        .filter(Column::CodeId.is_in(ids.iter().copied()))
        .group_by(Column::CodeId);
    Ok(select.into_tuple().all(db).await?)
}

/// Those of these codes that somebody should look at for this reason.
///
/// # Errors
/// The database does not answer.
pub(super) async fn list_of_concern(
    db: &impl ConnectionTrait,
    ids: &[CodeId],
    concern: CodeConcern,
    now: DateTime<Utc>,
) -> Result<Vec<CodeId>, StoreError> {
    let select = code::Entity::find().select_only().column(code::Column::Id);
    let select = select.filter(code::Column::Id.is_in(ids.iter().copied()));
    Ok(select.filter(is_of_concern(concern, now)).into_tuple().all(db).await?)
}

/// That somebody should look at a code for this reason.
pub(super) fn is_of_concern(concern: CodeConcern, now: DateTime<Utc>) -> Cond {
    match concern {
        CodeConcern::Unscanned => is_unscanned(now),
        CodeConcern::Burst => Cond::all().add(has_burst(now)),
    }
}

/// That a code works, hangs long enough, and was not scanned for long.
fn is_unscanned(now: DateTime<Utc>) -> Cond {
    let since = Hour::of(now).days_before(UNSCANNED_DAYS);
    let scanned = scans_of_outer().and_where(Column::Hour.gte(since.0)).to_owned();
    Cond::all()
        .add(code::Column::State.eq(CodeState::Live))
        .add(code::Column::CreatedAt.lt(since.begins_at()))
        .add(Expr::not_exists(scanned))
}

/// That a code had a burst lately, as [`domain::scans::is_burst`] says it.
fn has_burst(now: DateTime<Utc>) -> Expr {
    let earlier = Alias::new("earlier");
    let of_earlier = |column: Column| Expr::col((earlier.clone(), column));
    let hour = || Expr::col((Entity, Column::Hour));
    let before = Query::select()
        .expr(Func::coalesce([of_earlier(Column::Scans).sum(), Expr::val(0)]))
        .from_as(Entity, earlier.clone())
        .and_where(of_earlier(Column::CodeId).eq(Expr::col((Entity, Column::CodeId))))
        .and_where(of_earlier(Column::Result).eq(ScanResult::Opened))
        .and_where(of_earlier(Column::Hour).gte(hour().sub(24 * USUAL_DAYS)))
        .and_where(of_earlier(Column::Hour).lt(hour()))
        .to_owned();
    let scans = || Expr::col((Entity, Column::Scans));
    let bursts = scans_of_outer()
        .and_where(Column::Result.eq(ScanResult::Opened))
        .and_where(Column::Hour.gte(Hour::of(now).days_before(BURST_SHOWN_DAYS).0))
        .and_where(scans().gte(BURST_LEAST))
        .and_where(scans().mul(i64::from(USUAL_DAYS)).gte(Expr::val(BURST_TIMES).mul(before)))
        .to_owned();
    Expr::exists(bursts)
}

/// The scans of the code in the query around.
fn scans_of_outer() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::CodeId)).eq(Expr::col((code::Entity, code::Column::Id))))
        .to_owned()
}
