//! Second looks: one row an answer that was asked about again.

use chrono::{DateTime, Utc};
use domain::ids::{CaseId, ResponseId};
use domain::vocabulary::Done;
use entity::case;
use entity::second_look::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::StoreError;

/// Writes down that the resident was asked.
///
/// # Errors
/// [`StoreError::Duplicate`] when this answer was asked about before.
pub async fn insert(tx: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.insert(tx).await?;
    Ok(())
}

/// Writes down what the resident says; `false` when there was no open question.
///
/// # Errors
/// The database does not answer.
pub async fn answer(
    tx: &impl ConnectionTrait,
    response_id: ResponseId,
    verdict: Done,
    comment: Option<String>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let answered = Entity::update_many()
        .col_expr(Column::AnsweredAt, Expr::value(now))
        .col_expr(Column::Verdict, Expr::value(verdict))
        .col_expr(Column::Comment, Expr::value(comment))
        .filter(Column::ResponseId.eq(response_id))
        .filter(Column::AnsweredAt.is_null())
        .exec(tx)
        .await?;
    Ok(answered.rows_affected == 1)
}

/// The second looks of a case, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_case(db: &impl ConnectionTrait, case_id: CaseId) -> Result<Vec<Model>, StoreError> {
    let of_case = Entity::find().filter(Column::CaseId.eq(case_id));
    Ok(of_case.order_by_asc(Column::AskedAt).order_by_asc(Column::ResponseId).all(db).await?)
}

/// That the resident said of a case of the outer query that it was not done, or in part only.
pub(super) fn is_contested() -> Expr {
    let contested = Query::select()
        .column(Column::CaseId)
        .from(Entity)
        .and_where(Expr::col((Entity, Column::Verdict)).is_in([Done::No.as_str(), Done::Partly.as_str()]))
        .to_owned();
    Expr::col((case::Entity, case::Column::Id)).in_subquery(contested)
}
