//! What is kept of messages: counted, told to whom they went, and removed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, DeliveryId};
use domain::vocabulary::{Channel, DeliveryState};
use entity::delivery::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::store::{StoreError, Transaction};

/// How much the robots of these scopes have said since then.
///
/// # Errors
/// The database does not answer.
pub async fn count_said(
    tx: &Transaction,
    scopes: &[Uuid],
    since: DateTime<Utc>,
) -> Result<HashMap<Uuid, i64>, StoreError> {
    if scopes.is_empty() {
        return Ok(HashMap::new());
    }
    let said: Vec<(Uuid, i64)> = Entity::find()
        .filter(Column::Channel.eq(Channel::Robot))
        .filter(Column::ScopeId.is_in(scopes.iter().copied()))
        .filter(Column::SentAt.gt(since))
        .select_only()
        .column(Column::ScopeId)
        .column_as(Column::Id.count(), "said")
        .group_by(Column::ScopeId)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(said.into_iter().collect())
}

/// How many messages there are in each state that somebody has to look after.
///
/// # Errors
/// The database does not answer.
pub async fn count_unsettled(db: &impl ConnectionTrait) -> Result<Vec<(DeliveryState, u64)>, StoreError> {
    let mut counts = Vec::new();
    for state in [DeliveryState::Waiting, DeliveryState::Sending, DeliveryState::Unknown, DeliveryState::Dead]
    {
        counts.push((state, Entity::find().filter(Column::State.eq(state)).count(db).await?));
    }
    Ok(counts)
}

/// Removes what was settled before `before`, except what is of unknown fate; some of it a call.
///
/// # Errors
/// The database does not answer.
pub async fn delete_settled(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<u64, StoreError> {
    let old: Vec<DeliveryId> = Entity::find()
        .filter(Column::SettledAt.lte(before))
        .filter(Column::State.is_in([DeliveryState::Sent, DeliveryState::Refused, DeliveryState::Dead]))
        .limit(limit)
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    if old.is_empty() {
        return Ok(0);
    }
    Ok(Entity::delete_many().filter(Column::Id.is_in(old)).exec(db).await?.rows_affected)
}

/// Removes all messages of an account.
///
/// # Errors
/// The database does not answer.
pub async fn delete_of_account(db: &impl ConnectionTrait, account_id: AccountId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::AccountId.eq(account_id)).exec(db).await?;
    Ok(())
}

/// All messages of an account, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_account(
    db: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<Vec<Model>, StoreError> {
    let messages = Entity::find().filter(Column::AccountId.eq(account_id));
    Ok(messages.order_by_asc(Column::Id).all(db).await?)
}
