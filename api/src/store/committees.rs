//! The tree of committees.

use domain::ids::CommitteeId;
use entity::committee;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use super::StoreError;

/// Deeper trees don't exist: nation, province, city, district, and room for more.
const MAX_DEPTH: usize = 8;

/// A committee, then those above it, nearest first; empty when it does not exist.
///
/// A deployment has few committees, so all of them are read at once.
///
/// # Errors
/// The database does not answer.
pub async fn chain(db: &impl ConnectionTrait, id: CommitteeId) -> Result<Vec<CommitteeId>, StoreError> {
    let parents: Vec<(CommitteeId, Option<CommitteeId>)> = committee::Entity::find()
        .select_only()
        .columns([committee::Column::Id, committee::Column::ParentId])
        .into_tuple()
        .all(db)
        .await?;
    let mut chain = Vec::new();
    let mut next = Some(id);
    while let Some(current) = next.filter(|_| chain.len() < MAX_DEPTH) {
        let Some((_, parent)) = parents.iter().find(|(known, _)| *known == current) else { break };
        chain.push(current);
        next = *parent;
    }
    Ok(chain)
}

/// A committee and all below it.
///
/// # Errors
/// The database does not answer.
pub async fn subtree(
    db: &impl ConnectionTrait,
    roots: &[CommitteeId],
) -> Result<Vec<CommitteeId>, StoreError> {
    let parents: Vec<(CommitteeId, Option<CommitteeId>)> = committee::Entity::find()
        .select_only()
        .columns([committee::Column::Id, committee::Column::ParentId])
        .into_tuple()
        .all(db)
        .await?;
    let mut reached = roots.to_vec();
    for _ in 0..MAX_DEPTH {
        for (id, parent) in &parents {
            if parent.is_some_and(|parent| reached.contains(&parent)) && !reached.contains(id) {
                reached.push(*id);
            }
        }
    }
    Ok(reached)
}
