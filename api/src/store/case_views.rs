//! How far an account of staff has seen a case's history: what its lists mark as unseen.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId};
use entity::case_view::{ActiveModel, Column, Entity};
use entity::{case, case_event, case_view};
use sea_orm::sea_query::{Expr, ExprTrait, Func, IntoCondition, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, RelationDef,
};

use super::StoreError;

/// Remembers that an account has seen a case up to this event. Nothing is written when it had before, and
/// an older look never takes back a newer one.
///
/// # Errors
/// The database does not answer.
pub async fn mark_seen(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    case_id: CaseId,
    seq: i32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let seen: Option<i32> = Entity::find_by_id((account_id, case_id))
        .select_only()
        .column(Column::SeenSeq)
        .into_tuple()
        .one(db)
        .await?;
    if seen.is_some_and(|seen| seen >= seq) {
        return Ok(());
    }
    let row = ActiveModel {
        account_id: Set(account_id),
        case_id: Set(case_id),
        seen_seq: Set(seq),
        seen_at: Set(now),
    };
    let newer = Expr::col((case_view::Entity, Column::SeenSeq)).lt(seq);
    let known = OnConflict::columns([Column::AccountId, Column::CaseId])
        .update_columns([Column::SeenSeq, Column::SeenAt])
        .action_and_where(newer)
        .to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(db).await?;
    Ok(())
}

/// Forgets what an account has seen.
///
/// # Errors
/// The database does not answer.
pub async fn delete_of_account(db: &impl ConnectionTrait, account_id: AccountId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::AccountId.eq(account_id)).exec(db).await?;
    Ok(())
}

/// Joins to `cases` how far this account has seen each.
pub(super) fn seen_by(account_id: AccountId) -> RelationDef {
    let relation: RelationDef =
        case::Entity::belongs_to(Entity).from(case::Column::Id).to(Column::CaseId).into();
    relation
        .on_condition(move |_, views| Expr::col((views, Column::AccountId)).eq(account_id).into_condition())
}

/// The kind of the newest event of the case of the outer query, if the account has neither seen nor caused
/// it. Whoever did the newest thing was shown the case by its answer: nothing is unseen then.
pub(super) fn newest_unseen(account_id: AccountId) -> Expr {
    let event = |column: case_event::Column| Expr::col((case_event::Entity, column));
    let seen = Func::coalesce([Expr::col((case_view::Entity, Column::SeenSeq)), Expr::value(0)]);
    let by_others = event(case_event::Column::AccountId)
        .is_null()
        .or(event(case_event::Column::AccountId).ne(account_id));
    let newest = Query::select()
        .column((case_event::Entity, case_event::Column::Kind))
        .from(case_event::Entity)
        .and_where(event(case_event::Column::CaseId).equals((case::Entity, case::Column::Id)))
        .and_where(event(case_event::Column::Seq).equals((case::Entity, case::Column::EventSeq)))
        .and_where(event(case_event::Column::Seq).gt(seen))
        .and_where(by_others)
        .to_owned();
    Expr::SubQuery(None, Box::new(newest.into()))
}
