//! Shifts that members offer to their colleagues. Whoever changes an offer has locked its shift.

use chrono::{DateTime, Utc};
use domain::ids::{HandoverId, MemberId, ShiftId};
use domain::vocabulary::HandoverState;
use entity::shift_handover::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{StoreError, Transaction};

/// An offer.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: HandoverId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Adds an offer.
///
/// # Errors
/// The database does not answer, or the shift is on offer already.
pub async fn insert(tx: &Transaction, handover: Model) -> Result<(), StoreError> {
    handover.into_active_model().insert(tx).await?;
    Ok(())
}

/// Writes an offer that was answered.
///
/// # Errors
/// The database does not answer.
pub async fn save(tx: &Transaction, handover: Model) -> Result<(), StoreError> {
    handover.into_active_model().reset_all().update(tx).await?;
    Ok(())
}

/// Takes the open offers of a shift back, also those in which it is wanted in exchange: it has changed.
///
/// # Errors
/// The database does not answer.
pub async fn withdraw_of_shift(
    tx: &Transaction,
    shift_id: ShiftId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(HandoverState::Withdrawn))
        .col_expr(Column::DecidedAt, Expr::value(now))
        .filter(Condition::any().add(Column::ShiftId.eq(shift_id)).add(Column::InReturnShiftId.eq(shift_id)))
        .filter(Column::State.eq(HandoverState::Offered))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends the open offer of a shift if nobody can accept it any more, so that it can be offered again.
///
/// # Errors
/// The database does not answer.
pub async fn withdraw_expired(
    tx: &Transaction,
    shift_id: ShiftId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(HandoverState::Withdrawn))
        .col_expr(Column::DecidedAt, Expr::value(now))
        .filter(Column::ShiftId.eq(shift_id))
        .filter(Column::State.eq(HandoverState::Offered))
        .filter(Column::ExpiresAt.lte(now))
        .exec(tx)
        .await?;
    Ok(())
}

/// The offers that these members made or got, before `before`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_members(
    db: &impl ConnectionTrait,
    members: &[MemberId],
    before: Option<HandoverId>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let theirs = Condition::any()
        .add(Column::FromMemberId.is_in(members.iter().copied()))
        .add(Column::ToMemberId.is_in(members.iter().copied()));
    let mut select = Entity::find().filter(theirs).order_by_desc(Column::Id).limit(limit);
    if let Some(before) = before {
        select = select.filter(Column::Id.lt(before));
    }
    Ok(select.all(db).await?)
}
