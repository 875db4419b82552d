//! The audit log: who changed what in the administration, in a chain that shows every tampering.
//!
//! Each entry carries a keyed hash over itself and the hash before it. Whoever changes, removes or adds
//! a row in the database breaks the chain, and can't mend it without the installation's key. An end that
//! was cut off leaves a whole chain behind: [`verify`] tells where it ends, to be compared with what was
//! noted down before or stands in the service's log.

use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{AccountId, CommitteeId};
use entity::audit_entry::Model;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::auth::Caller;
use crate::seal::Sealer;
use crate::service::authority::{AuthorityError, administers};
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction};

/// What the hash of an entry is made for.
const CONTEXT: &str = "audit_entries.hash";
/// Entries that are checked at once.
const CHUNK: u64 = 1_000;

/// Something that was done.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The tenant.
    pub committee_id: Option<CommitteeId>,
    /// What.
    pub action: AuditAction,
    /// To what kind of thing.
    pub target: AuditTarget,
    /// To which one.
    pub target_id: Uuid,
    /// What it was before and after; nothing personal.
    pub detail: Value,
}

/// Adds to the log, in the transaction of the deed. Call it last: whoever appends makes all others wait
/// until its commit.
///
/// # Errors
/// The database does not answer.
pub async fn record(
    state: &Parts,
    tx: &Transaction,
    account_id: Option<AccountId>,
    deed: Deed,
) -> Result<(), StoreError> {
    let last = store::audit::lock_last(tx).await?;
    let Deed { committee_id, action, target, target_id, detail } = deed;
    let mut entry = Model {
        seq: last.as_ref().map_or(0, |last| last.seq) + 1,
        at: state.clock.now(),
        account_id,
        committee_id,
        action,
        target,
        target_id,
        detail,
        hash: Vec::new(),
    };
    entry.hash = hash(&state.sealer, last.as_ref().map_or(&[], |last| &last.hash), &entry);
    // Beside the database, so that a log kept elsewhere shows where the chain ended.
    tracing::info!(seq = entry.seq, hash = hex(&entry.hash), "audited");
    store::audit::append(tx, entry).await
}

/// As it stands in the row: a JSON value's members are sorted, and times have microseconds.
fn hash(sealer: &Sealer, before: &[u8], entry: &Model) -> Vec<u8> {
    let content = json!([
        hex(before),
        entry.seq,
        entry.at.timestamp_micros(),
        entry.account_id,
        entry.committee_id,
        entry.action,
        entry.target,
        entry.target_id,
        entry.detail,
    ]);
    sealer.lookup_hash(CONTEXT, content.to_string())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// What differs between two records of the same thing, as the log keeps it.
///
/// # Errors
/// A record can't be written as JSON.
pub fn difference<T: Serialize>(before: &T, after: &T) -> Result<Value, serde_json::Error> {
    let (before, after) = (members(before)?, members(after)?);
    let changed = |of: &Map<String, Value>, than: &Map<String, Value>| -> Map<String, Value> {
        let differ = of.iter().filter(|(name, value)| than.get(*name) != Some(value));
        differ.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    Ok(json!({ "before": changed(&before, &after), "after": changed(&after, &before) }))
}

fn members<T: Serialize>(record: &T) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(record)? {
        Value::Object(members) => Ok(members),
        other => Ok(Map::from_iter([("value".to_owned(), other)])),
    }
}

/// How the chain is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Whole.
    Whole {
        /// The number of the last entry; 0 when there is none.
        last: i64,
        /// Its hash, as hexadecimal digits.
        hash: String,
    },
    /// Something was changed, removed or added.
    Broken {
        /// The first entry that does not follow from the one before.
        at: i64,
    },
}

/// Walks the whole chain.
///
/// # Errors
/// The database does not answer.
pub async fn verify(state: &Parts) -> Result<Verdict, StoreError> {
    let (mut last, mut before) = (0, Vec::new());
    loop {
        let entries = store::audit::list_after(state.db.reader(), last, CHUNK).await?;
        if entries.is_empty() {
            return Ok(Verdict::Whole { last, hash: hex(&before) });
        }
        for entry in entries {
            if entry.seq != last + 1 || entry.hash != hash(&state.sealer, &before, &entry) {
                return Ok(Verdict::Broken { at: entry.seq });
            }
            (last, before) = (entry.seq, entry.hash);
        }
    }
}

/// An entry as administrators read it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AuditEntry {
    /// Its place in the log.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; absent for what was done on the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// The committee that it belongs to.
    pub committee_id: Option<CommitteeId>,
    /// What was done.
    pub action: AuditAction,
    /// To what kind of thing.
    pub target: AuditTarget,
    /// To which one.
    pub target_id: Uuid,
    /// What it was before and after.
    #[schema(value_type = Object)]
    pub detail: Value,
}

impl From<Model> for AuditEntry {
    fn from(row: Model) -> Self {
        Self {
            seq: row.seq,
            at: row.at,
            account_id: row.account_id,
            committee_id: row.committee_id,
            action: row.action,
            target: row.target,
            target_id: row.target_id,
            detail: row.detail,
        }
    }
}

/// The log of a committee and of all below it, the newest first.
///
/// # Errors
/// The caller does not administer the committee; the database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    last: Option<i64>,
    limit: u64,
) -> Result<Vec<AuditEntry>, AuthorityError> {
    let committees = administers(state, caller, committee_id).await?.below(committee_id);
    let rows = store::audit::list_of_committees(state.db.reader(), &committees, last, limit).await?;
    Ok(rows.into_iter().map(AuditEntry::from).collect())
}

#[cfg(test)]
mod tests;
