//! The deadlines that a corrected calendar has moved: the report of an import.

use chrono::{DateTime, Utc};
use domain::case::{CaseClock, MovedDeadline};
use domain::ids::{CaseId, RevisionId};
use entity::case;
use entity::moved_deadline::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{StoreError, Transaction};

/// The open cases after the id `after`, ascending. Those that follow another one are among them: they may
/// go back to work.
///
/// # Errors
/// The database does not answer.
pub async fn list_open_cases(
    db: &impl ConnectionTrait,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<CaseId>, StoreError> {
    let mut open = case::Entity::find().filter(case::Column::EndedAt.is_null());
    if let Some(after) = after {
        open = open.filter(case::Column::Id.gt(after));
    }
    let open = open.order_by_asc(case::Column::Id).limit(limit).select_only().column(case::Column::Id);
    Ok(open.into_tuple().all(db).await?)
}

/// Writes down what an import has moved of a case. What it has moved twice stands there once, from where it
/// was first to where it is now.
///
/// # Errors
/// The database does not answer.
pub async fn keep(
    tx: &Transaction,
    revision_id: RevisionId,
    case_id: CaseId,
    moved: &[MovedDeadline],
) -> Result<(), StoreError> {
    if moved.is_empty() {
        return Ok(());
    }
    let rows = moved.iter().map(|moved| ActiveModel {
        revision_id: Set(revision_id),
        case_id: Set(case_id),
        clock: Set(moved.clock),
        was_due_at: Set(moved.before),
        due_at: Set(moved.after),
    });
    let again = OnConflict::columns([Column::RevisionId, Column::CaseId, Column::Clock])
        .update_column(Column::DueAt)
        .to_owned();
    Entity::insert_many(rows).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// A moved deadline with its case's number.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MovedRow {
    /// The case.
    pub case_id: CaseId,
    /// The number that people use.
    pub number: String,
    /// Which deadline.
    pub clock: CaseClock,
    /// When it was before.
    pub was_due_at: DateTime<Utc>,
    /// When it was after.
    pub due_at: DateTime<Utc>,
}

/// What an import has moved after the place `after`, by case and deadline.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    revision_id: RevisionId,
    after: Option<(CaseId, CaseClock)>,
    limit: u64,
) -> Result<Vec<MovedRow>, StoreError> {
    let to_case = Entity::belongs_to(case::Entity).from(Column::CaseId).to(case::Column::Id);
    let mut select = Entity::find()
        .join(JoinType::InnerJoin, to_case.into())
        .select_only()
        .columns([Column::CaseId, Column::Clock, Column::WasDueAt, Column::DueAt])
        .column(case::Column::Number)
        .filter(Column::RevisionId.eq(revision_id))
        .order_by_asc(Column::CaseId)
        .order_by_asc(Column::Clock);
    if let Some((case_id, clock)) = after {
        let same = Condition::all().add(Column::CaseId.eq(case_id)).add(Column::Clock.gt(clock));
        select = select.filter(Condition::any().add(Column::CaseId.gt(case_id)).add(same));
    }
    Ok(select.limit(limit).into_model().all(db).await?)
}

/// How many deadlines of a kind an import has moved.
#[derive(Debug, Clone, FromQueryResult)]
pub struct MovedCount {
    /// Which deadline.
    pub clock: CaseClock,
    /// How many.
    pub count: i64,
    /// How many of them to a later time.
    pub later: i64,
}

/// How many deadlines an import has moved, by kind.
///
/// # Errors
/// The database does not answer.
pub async fn count(
    db: &impl ConnectionTrait,
    revision_id: RevisionId,
) -> Result<Vec<MovedCount>, StoreError> {
    let is_later =
        Expr::case(Expr::col(Column::DueAt).gt(Expr::col(Column::WasDueAt)), Expr::val(1)).finally(0);
    let select = Entity::find()
        .select_only()
        .column(Column::Clock)
        .column_as(Column::CaseId.count(), "count")
        .column_as(Expr::expr(is_later).sum(), "later")
        .filter(Column::RevisionId.eq(revision_id))
        .group_by(Column::Clock)
        .order_by_asc(Column::Clock);
    Ok(select.into_model().all(db).await?)
}

/// How many cases an import has moved a deadline of.
///
/// # Errors
/// The database does not answer.
pub async fn count_cases(db: &impl ConnectionTrait, revision_id: RevisionId) -> Result<u64, StoreError> {
    let select = Entity::find()
        .select_only()
        .column_as(Expr::col(Column::CaseId).count_distinct(), "cases")
        .filter(Column::RevisionId.eq(revision_id));
    let cases: Option<i64> = select.into_tuple().one(db).await?;
    Ok(cases.and_then(|cases| u64::try_from(cases).ok()).unwrap_or(0))
}
