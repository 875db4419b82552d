//! The parts of split cases. Only a decision about the case changes them, together with it.

use chrono::{DateTime, Utc};
use domain::case::{Case, CasePart, PartState};
use domain::ids::{CaseId, DepartmentId};
use entity::case;
use entity::case_part::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder,
};

use super::{StoreError, Transaction};

/// The parts of a case, in order.
///
/// # Errors
/// The database does not answer, or a row is inconsistent.
pub async fn list(db: &impl ConnectionTrait, case_id: CaseId) -> Result<Vec<CasePart>, StoreError> {
    let rows =
        Entity::find().filter(Column::CaseId.eq(case_id)).order_by_asc(Column::Ordinal).all(db).await?;
    rows.into_iter().map(part).collect()
}

fn part(row: Model) -> Result<CasePart, StoreError> {
    let days = |days: i32| {
        u32::try_from(days).map_err(|error| StoreError::inconsistent("case_parts", row.case_id, error))
    };
    Ok(CasePart {
        ordinal: row.ordinal,
        department_id: row.department_id,
        state: row.state,
        asked_at: row.asked_at,
        reply_days: row.reply_days.map(days).transpose()?,
        object_days: days(row.object_days)?,
        reply_by: row.reply_by,
        object_by: row.object_by,
        late_at: row.late_at,
        objections: row.objections,
        reply_seq: row.reply_seq,
        settled_at: row.settled_at,
        request: row.request,
        reply: row.reply,
    })
}

/// Saves the parts as a decision has left them.
///
/// # Errors
/// The database does not answer.
pub(super) async fn save(tx: &Transaction, case: &Case) -> Result<(), StoreError> {
    if case.parts.is_empty() {
        return Ok(());
    }
    let stored = |days: u32| {
        i32::try_from(days).map_err(|error| StoreError::inconsistent("case_parts", case.id, error))
    };
    let mut rows: Vec<ActiveModel> = Vec::with_capacity(case.parts.len());
    for part in &case.parts {
        let row = Model {
            case_id: case.id,
            ordinal: part.ordinal,
            department_id: part.department_id,
            request: part.request.clone(),
            state: part.state,
            asked_at: part.asked_at,
            reply_days: part.reply_days.map(stored).transpose()?,
            object_days: stored(part.object_days)?,
            reply_by: part.reply_by,
            object_by: part.object_by,
            late_at: part.late_at,
            objections: part.objections,
            reply: part.reply.clone(),
            reply_seq: part.reply_seq,
            settled_at: part.settled_at,
        };
        rows.push(row.into_active_model());
    }
    let changing = Column::iter().filter(|column| !matches!(column, Column::CaseId | Column::Ordinal));
    let known = OnConflict::columns([Column::CaseId, Column::Ordinal]).update_columns(changing).to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx).await?;
    Ok(())
}

/// The cases that are dispatched to these departments, as a whole or in part. Each half has an index of its
/// own; with an `OR` neither would be of use.
pub(super) fn cases_with(ids: &[DepartmentId]) -> SelectStatement {
    let in_part = asked(ids).column(Column::CaseId).to_owned();
    Query::select()
        .column(case::Column::Id)
        .from(case::Entity)
        .and_where(case::Column::DepartmentId.is_in(ids.iter().copied()))
        .union(UnionType::Distinct, in_part)
        .to_owned()
}

/// The cases of which a part is late with one of these departments at this instant.
pub(super) fn cases_late_with(ids: &[DepartmentId], now: DateTime<Utc>) -> SelectStatement {
    asked(ids).column(Column::CaseId).and_where(Column::ReplyBy.lte(now)).to_owned()
}

/// That this department is asked for a part, and that of all parts which these departments are asked for in
/// the same case it has to be replied to first: in a list a case stands once.
pub(super) fn comes_first(id: DepartmentId, ids: &[DepartmentId]) -> SimpleExpr {
    let other = Alias::new("other");
    let of = |column| Expr::col((Entity, column));
    let of_other = |column| Expr::col((other.clone(), column));
    let same_time = of_other(Column::ReplyBy).eq(of(Column::ReplyBy));
    let sooner = of_other(Column::ReplyBy)
        .lt(of(Column::ReplyBy))
        .or(same_time.and(of_other(Column::Ordinal).lt(of(Column::Ordinal))));
    let mut sooner_one = Query::select();
    sooner_one
        .expr(Expr::val(1))
        .from_as(Entity, other.clone())
        .and_where(of_other(Column::CaseId).eq(of(Column::CaseId)))
        .and_where(of_other(Column::DepartmentId).is_in(ids.iter().copied()))
        .and_where(of_other(Column::State).eq(PartState::Asked))
        .and_where(sooner);
    Column::DepartmentId.eq(id).and(Column::State.eq(PartState::Asked)).and(Expr::not_exists(sooner_one))
}

/// What a list knows of a part: its case, and when the reply is due.
pub(super) fn case_and_due() -> (Expr, Expr) {
    (Expr::col((Entity, Column::CaseId)), Expr::col((Entity, Column::ReplyBy)))
}

fn asked(ids: &[DepartmentId]) -> SelectStatement {
    Query::select()
        .from(Entity)
        .and_where(Column::DepartmentId.is_in(ids.iter().copied()))
        .and_where(Column::State.eq(PartState::Asked))
        .to_owned()
}
