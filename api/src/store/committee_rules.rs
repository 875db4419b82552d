//! The terms and the rules of routing that a committee has decided on itself.

use chrono::{DateTime, Utc};
use domain::deadline::OwnTerms;
use domain::ids::CommitteeId;
use domain::routing::OwnRules;
use entity::committee_rule::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::{StoreError, Transaction};

/// What a committee has decided on itself; nothing, where it has no row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommitteeRules {
    /// Its terms.
    pub terms: OwnTerms,
    /// Its rules of routing.
    pub routing: OwnRules,
}

/// What a committee has decided on itself.
///
/// # Errors
/// The database does not answer, or the row is inconsistent.
pub async fn find(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
) -> Result<CommitteeRules, StoreError> {
    let row = Entity::find_by_id(committee_id).one(db).await?;
    let Some(Model { terms, routing, .. }) = row else { return Ok(CommitteeRules::default()) };
    let routing = serde_json::from_value(routing)
        .map_err(|error| StoreError::inconsistent("committee_rules", committee_id, error))?;
    Ok(CommitteeRules { terms: own_terms(terms)?, routing })
}

/// The terms of a row.
pub(super) fn own_terms(terms: serde_json::Value) -> Result<OwnTerms, StoreError> {
    serde_json::from_value(terms).map_err(|error| StoreError::inconsistent("committee_rules", "terms", error))
}

/// Keeps what a committee has decided on itself, in place of what it had decided before.
///
/// # Errors
/// The database does not answer.
pub async fn keep(
    tx: &Transaction,
    committee_id: CommitteeId,
    rules: CommitteeRules,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let inconsistent = |error| StoreError::inconsistent("committee_rules", committee_id, error);
    let row = ActiveModel {
        committee_id: Set(committee_id),
        terms: Set(serde_json::to_value(rules.terms).map_err(inconsistent)?),
        routing: Set(serde_json::to_value(rules.routing).map_err(inconsistent)?),
        updated_at: Set(now),
    };
    let instead = OnConflict::column(Column::CommitteeId)
        .update_columns([Column::Terms, Column::Routing, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row).on_conflict(instead).exec_without_returning(tx).await?;
    Ok(())
}
