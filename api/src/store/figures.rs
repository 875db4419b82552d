//! Figures: rows by day, station and member, and how far the history of cases stands in them.
//!
//! Whoever changes figures holds the lock of the one row of `figure_rolls` ([`lock`]), and nobody else does:
//! no intake and no action on a case waits for it. Start reading at [`list_unrolled`].

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::start_of_day;
use domain::case::{EventKind, NewEvent};
use domain::figures::{Fact, Figure, matters};
use domain::ids::{CaseId, MemberId, StationId};
use entity::figure::{ActiveModel, Column, Entity, Model};
use entity::{case, case_event, figure_roll, second_look};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, LockBehavior, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::cases::stored_event;
use super::{StoreError, Transaction};

/// The one row of `figure_rolls`.
const ROLL: i16 = 1;
/// Rows in one statement: SQLite takes 32,766 values in one, PostgreSQL 65,535.
const CHUNK: usize = 2_000;
/// In whose name figures of cases without a member stand: no member has this id.
const NOBODY: MemberId = MemberId(Uuid::nil());

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the columns of the same names")]
pub struct FigureKey {
    pub day: NaiveDate,
    pub station_id: StationId,
    pub member_id: MemberId,
    pub figure: Figure,
    pub bin: i16,
}

impl From<&Fact> for FigureKey {
    fn from(fact: &Fact) -> Self {
        let Fact { day, holder, figure, bin, .. } = *fact;
        let member_id = holder.member_id.unwrap_or(NOBODY);
        Self { day, station_id: holder.station_id, member_id, figure, bin }
    }
}

/// Figures by what they are about, in the order in which rows are written.
pub type Totals = BTreeMap<FigureKey, i64>;

/// How far the figures are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// When they were brought forward last.
    pub rolled_at: Option<DateTime<Utc>>,
    /// When they were compared with the history last.
    pub verified_at: Option<DateTime<Utc>>,
    /// The last of the earlier days that were compared then.
    pub checked_to: Option<NaiveDate>,
}

impl From<figure_roll::Model> for Progress {
    fn from(row: figure_roll::Model) -> Self {
        let figure_roll::Model { rolled_at, verified_at, checked_to, .. } = row;
        Self { rolled_at, verified_at, checked_to }
    }
}

/// A case whose last events are not in the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Unrolled {
    /// The case.
    pub id: CaseId,
    /// Up to which event it is in.
    pub figures_seq: i32,
    /// Its last event.
    pub event_seq: i32,
}

/// Locks the figures until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Transaction) -> Result<Progress, StoreError> {
    // SQLite has no row locks; there the transaction has taken the one write lock already.
    let row = figure_roll::Entity::find_by_id(ROLL).lock_exclusive().one(tx).await?;
    let row = row.ok_or_else(|| StoreError::inconsistent("figure_rolls", ROLL, "the row is missing"))?;
    Ok(row.into())
}

/// How far the figures are.
///
/// # Errors
/// The database does not answer.
pub async fn progress(db: &impl ConnectionTrait) -> Result<Progress, StoreError> {
    let row = figure_roll::Entity::find_by_id(ROLL).one(db).await?;
    Ok(row.map(Progress::from).unwrap_or_default())
}

/// Writes down how far the figures are.
///
/// # Errors
/// The database does not answer.
pub async fn keep_progress(db: &impl ConnectionTrait, progress: Progress) -> Result<(), StoreError> {
    let row = figure_roll::ActiveModel {
        id: Set(ROLL),
        rolled_at: Set(progress.rolled_at),
        verified_at: Set(progress.verified_at),
        checked_to: Set(progress.checked_to),
    };
    figure_roll::Entity::update(row).exec(db).await?;
    Ok(())
}

/// Up to `limit` cases after `last` that have events which are not in the figures. A case is found by what
/// is committed of it, whenever that was: none is passed over for having been committed late.
///
/// # Errors
/// The database does not answer.
pub async fn list_unrolled(
    db: &impl ConnectionTrait,
    last: Option<CaseId>,
    limit: u64,
) -> Result<Vec<Unrolled>, StoreError> {
    let behind = case::Entity::find()
        .select_only()
        .columns([case::Column::Id, case::Column::FiguresSeq, case::Column::EventSeq])
        .filter(Expr::col(case::Column::FiguresSeq).lt(Expr::col(case::Column::EventSeq)))
        .order_by_asc(case::Column::Id)
        .limit(limit);
    let behind = match last {
        Some(last) => behind.filter(case::Column::Id.gt(last)),
        None => behind,
    };
    Ok(behind.into_model().all(db).await?)
}

/// How far these cases are in the figures.
///
/// # Errors
/// The database does not answer.
pub async fn rolled_seqs(
    db: &impl ConnectionTrait,
    ids: &[CaseId],
) -> Result<HashMap<CaseId, i32>, StoreError> {
    let found: Vec<(CaseId, i32)> = case::Entity::find()
        .select_only()
        .columns([case::Column::Id, case::Column::FiguresSeq])
        .filter(case::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// What of the history of these cases matters to figures, in order.
///
/// # Errors
/// The database does not answer, or a row is inconsistent.
pub async fn histories(
    db: &impl ConnectionTrait,
    ids: &[CaseId],
) -> Result<HashMap<CaseId, Vec<(i32, NewEvent)>>, StoreError> {
    let rows = case_event::Entity::find()
        .filter(case_event::Column::CaseId.is_in(ids.iter().copied()))
        .filter(case_event::Column::Kind.is_in(EventKind::ALL.iter().copied().filter(|kind| matters(*kind))))
        .order_by_asc(case_event::Column::CaseId)
        .order_by_asc(case_event::Column::Seq)
        .all(db)
        .await?;
    let mut histories: HashMap<CaseId, Vec<(i32, NewEvent)>> = HashMap::new();
    for row in rows {
        let case_id = row.case_id;
        let stored = stored_event(row)?;
        histories.entry(case_id).or_default().push((stored.seq, stored.event));
    }
    Ok(histories)
}

/// Locks those of the cases that nobody works on just now. Waits for nobody, so that nobody waits in a
/// circle.
///
/// # Errors
/// The database does not answer.
pub async fn lock_idle(tx: &Transaction, ids: &[CaseId]) -> Result<Vec<CaseId>, StoreError> {
    let idle = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(case::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(case::Column::Id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(idle.into_tuple().all(tx).await?)
}

/// Writes down that these cases are in the figures up to this event.
///
/// # Errors
/// The database does not answer.
pub async fn mark_rolled(tx: &Transaction, ids: &[CaseId], seq: i32) -> Result<(), StoreError> {
    case::Entity::update_many()
        .col_expr(case::Column::FiguresSeq, Expr::value(seq))
        .filter(case::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Adds to the figures.
///
/// # Errors
/// The database does not answer.
pub async fn add(tx: &Transaction, totals: &Totals) -> Result<(), StoreError> {
    let sum = Expr::col((Entity, Column::Total)).add(Expr::col((Alias::new("excluded"), Column::Total)));
    write(tx, totals, conflict().value(Column::Total, sum).to_owned()).await
}

/// Puts figures in the place of those that are there.
///
/// # Errors
/// The database does not answer.
pub async fn replace(tx: &Transaction, totals: &Totals) -> Result<(), StoreError> {
    write(tx, totals, conflict().update_column(Column::Total).to_owned()).await
}

fn conflict() -> OnConflict {
    OnConflict::columns([Column::Day, Column::StationId, Column::MemberId, Column::Figure, Column::Bin])
}

async fn write(tx: &Transaction, totals: &Totals, conflict: OnConflict) -> Result<(), StoreError> {
    let mut rows = totals.iter().map(|(key, total)| {
        let FigureKey { day, station_id, member_id, figure, bin } = *key;
        ActiveModel {
            day: Set(day),
            station_id: Set(station_id),
            member_id: Set(member_id),
            figure: Set(figure),
            bin: Set(bin),
            total: Set(*total),
        }
    });
    loop {
        let chunk: Vec<ActiveModel> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        Entity::insert_many(chunk).on_conflict(conflict.clone()).exec_without_returning(tx).await?;
    }
}

/// The figures of a day, without those that are nothing.
///
/// # Errors
/// The database does not answer.
pub async fn of_day(db: &impl ConnectionTrait, day: NaiveDate) -> Result<Totals, StoreError> {
    let rows = Entity::find().filter(Column::Day.eq(day)).filter(Column::Total.ne(0)).all(db).await?;
    let total = |row: Model| {
        let Model { day, station_id, member_id, figure, bin, total } = row;
        (FigureKey { day, station_id, member_id, figure, bin }, total)
    };
    Ok(rows.into_iter().map(total).collect())
}

/// The first day that has figures.
///
/// # Errors
/// The database does not answer.
pub async fn first_day(db: &impl ConnectionTrait) -> Result<Option<NaiveDate>, StoreError> {
    let first = Entity::find().select_only().column(Column::Day).order_by_asc(Column::Day).limit(1);
    Ok(first.into_tuple().one(db).await?)
}

/// The cases that can have figures on a day: something happened to them, or the time of a second look was
/// over on the day before.
///
/// # Errors
/// The database does not answer.
pub async fn list_cases_of_day(db: &impl ConnectionTrait, day: NaiveDate) -> Result<Vec<CaseId>, StoreError> {
    let begins = start_of_day(day);
    let ends = day.succ_opt().map(start_of_day);
    let before = day.pred_opt().map(start_of_day);
    let (Some(ends), Some(before)) = (ends, before) else { return Ok(Vec::new()) };
    let mut ids: Vec<CaseId> = case_event::Entity::find()
        .select_only()
        .column(case_event::Column::CaseId)
        .distinct()
        .filter(case_event::Column::At.gte(begins))
        .filter(case_event::Column::At.lt(ends))
        .into_tuple()
        .all(db)
        .await?;
    let looks: Vec<CaseId> = second_look::Entity::find()
        .select_only()
        .column(second_look::Column::CaseId)
        .distinct()
        .filter(second_look::Column::AnswerBy.gte(before))
        .filter(second_look::Column::AnswerBy.lt(begins))
        .into_tuple()
        .all(db)
        .await?;
    ids.extend(looks);
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Whose figures are read.
#[derive(Debug, Clone)]
pub enum Whose {
    /// Of these stations.
    Stations(Vec<StationId>),
    /// Of a member; at these stations only, if they are named.
    Member(MemberId, Option<Vec<StationId>>),
}

/// A sum over some days.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct FigureSum {
    /// The station.
    pub station_id: StationId,
    /// What is counted.
    pub figure: Figure,
    /// The half days that an answer took.
    pub bin: i16,
    /// Whether it is what will be counted after `today`, if nothing happens.
    pub ahead: bool,
    /// How many.
    pub total: i64,
}

/// The sums of the days from `from` to `to`, and of what will be counted after `today`.
///
/// # Errors
/// The database does not answer.
pub async fn sums(
    db: &impl ConnectionTrait,
    whose: &Whose,
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<FigureSum>, StoreError> {
    let in_period = Column::Day.between(from, Ord::min(to, today));
    let ahead = Column::Day.gt(today);
    let total = Expr::col((Entity, Column::Total)).sum().cast_as(Alias::new("bigint"));
    let sums = Entity::find()
        .select_only()
        .columns([Column::StationId, Column::Figure, Column::Bin])
        .expr_as(ahead.clone(), "ahead")
        .expr_as(total, "total")
        .filter(in_period.or(ahead.clone().and(Column::Figure.eq(Figure::LookUnconfirmed))))
        .group_by(Column::StationId)
        .group_by(Column::Figure)
        .group_by(Column::Bin)
        // By its name: the same comparison with another parameter is another one to PostgreSQL.
        .group_by(Expr::col(Alias::new("ahead")));
    let sums = match whose {
        Whose::Stations(ids) => sums.filter(Column::StationId.is_in(ids.iter().copied())),
        Whose::Member(id, None) => sums.filter(Column::MemberId.eq(*id)),
        Whose::Member(id, Some(stations)) => {
            sums.filter(Column::MemberId.eq(*id)).filter(Column::StationId.is_in(stations.iter().copied()))
        }
    };
    Ok(sums.into_model().all(db).await?)
}
