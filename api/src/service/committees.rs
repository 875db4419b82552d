//! The tree of committees: who is above whom. Few rows that hardly ever change, kept in the cache.

use std::sync::Arc;

use domain::ids::CommitteeId;

use crate::cache::{Fresh, Key, Tag};
use crate::state::Parts;
use crate::store::StoreError;
use crate::store::directory::committees::{CommitteeRow, list_all};

/// National, province, city, district, and two to spare: longer chains are faulty data.
const MOST_LEVELS: usize = 6;

struct TreeKey;

impl Key for TreeKey {
    type Value = Vec<CommitteeRow>;
    const FAMILY: &'static str = "committees";

    fn id(&self) -> String {
        "all".to_owned()
    }
}

/// All committees of this installation.
#[derive(Debug, Clone)]
pub struct CommitteeTree(Arc<Vec<CommitteeRow>>);

impl CommitteeTree {
    /// Reads it, nearly always from the cache.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(state: &Parts) -> Result<Self, StoreError> {
        let load = async || {
            let rows = list_all(state.db.reader()).await?;
            let tags = rows.iter().map(|row| Tag::Committee(row.id)).collect();
            Ok(Fresh { value: rows, tags, expires_at: None })
        };
        state.cache.get(&TreeKey, load).await.map(Self)
    }

    /// All of them, in the order in which they were made.
    #[must_use]
    pub fn all(&self) -> &[CommitteeRow] {
        &self.0
    }

    /// What a committee is called; empty for one that is not known.
    #[must_use]
    pub fn name(&self, id: CommitteeId) -> &str {
        self.find(id).map_or("", |row| &row.name)
    }

    /// The committee, then those above it.
    #[must_use]
    pub fn chain(&self, id: CommitteeId) -> Vec<CommitteeId> {
        std::iter::successors(Some(id), |id| self.find(*id)?.parent_id).take(MOST_LEVELS).collect()
    }

    /// The committee and all below it.
    #[must_use]
    pub fn below(&self, id: CommitteeId) -> Vec<CommitteeId> {
        self.0.iter().map(|row| row.id).filter(|below| self.chain(*below).contains(&id)).collect()
    }

    /// Whether there is such a committee.
    #[must_use]
    pub fn is_known(&self, id: CommitteeId) -> bool {
        self.find(id).is_some()
    }

    fn find(&self, id: CommitteeId) -> Option<&CommitteeRow> {
        self.0.iter().find(|row| row.id == id)
    }
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::Level;
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> CommitteeId {
        CommitteeId(Uuid::from_u128(n))
    }

    fn tree(parents: &[(u128, Option<u128>)]) -> CommitteeTree {
        let row = |(n, parent): &(u128, Option<u128>)| CommitteeRow {
            id: id(*n),
            parent_id: parent.map(id),
            name: format!("第{n}号示例政协"),
            level: Level::District,
        };
        CommitteeTree(Arc::new(parents.iter().map(row).collect()))
    }

    #[test]
    fn a_chain_leads_up_and_a_subtree_down() {
        let tree = tree(&[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(1))]);
        assert_eq!(tree.chain(id(3)), [id(3), id(2), id(1)]);
        assert_eq!(tree.below(id(2)), [id(2), id(3)]);
        assert_eq!(tree.below(id(1)), [id(1), id(2), id(3), id(4)]);
        assert_eq!((tree.name(id(4)), tree.name(id(9))), ("第4号示例政协", ""));
    }

    #[test]
    fn a_circle_in_the_data_does_not_hang() {
        assert_eq!(tree(&[(1, Some(2)), (2, Some(1))]).chain(id(1)).len(), MOST_LEVELS);
    }
}
