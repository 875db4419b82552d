//! What was called: counts by path, and the refusals that can be looked up by their rid.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

/// Refusals that are kept for look-up.
const KEPT: usize = 1000;

/// One refused call, as `openapi/rid/get` tells of it.
#[derive(Clone, Debug)]
pub(crate) struct RefusedCall {
    pub(crate) rid: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) cost: std::time::Duration,
    /// The path and query, without the access token.
    pub(crate) url: String,
    pub(crate) request: String,
    pub(crate) response: String,
    pub(crate) client_ip: String,
}

/// The log of calls.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    counts: BTreeMap<String, u64>,
    refused: VecDeque<RefusedCall>,
}

impl Calls {
    pub(crate) fn count(&mut self, path: &str) {
        *self.counts.entry(path.to_owned()).or_default() += 1;
    }

    pub(crate) fn of(&self, path: &str) -> u64 {
        self.counts.get(path).copied().unwrap_or(0)
    }

    pub(crate) fn by_path(&self) -> BTreeMap<String, u64> {
        self.counts.clone()
    }

    pub(crate) fn forget_counts(&mut self) {
        self.counts.clear();
    }

    pub(crate) fn remember(&mut self, call: RefusedCall) {
        if self.refused.len() == KEPT {
            self.refused.pop_front();
        }
        self.refused.push_back(call);
    }

    pub(crate) fn find_refused(&self, rid: &str) -> Option<&RefusedCall> {
        self.refused.iter().find(|call| call.rid == rid)
    }
}

impl RefusedCall {
    /// A rid can be asked about for seven days.
    pub(crate) fn is_too_old(&self, now: DateTime<Utc>) -> bool {
        now - self.at > TimeDelta::days(7)
    }
}
