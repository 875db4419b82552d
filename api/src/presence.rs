//! Who of the staff has which case open just now: in Redis, where all processes see it; in this process where
//! there is no Redis, or while it does not answer. Never in the database.
//!
//! Knows ids only, neither names nor what anybody may see.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, CaseId, MemberId};
use domain::role::Role;
use serde::{Deserialize, Serialize};

use crate::cache::Redis;
use crate::clock::SharedClock;

/// How long somebody counts as looking after having opened the case.
const LOOKS_FOR: TimeDelta = TimeDelta::seconds(60);
/// The same for what forgets by itself.
const LIFE: Duration = Duration::from_secs(60);
/// Cases that are remembered in this process: a few megabytes.
const MAX_CASES: u64 = 10_000;
/// Others who are told of at one case; more don't fit on a screen.
const MOST: isize = 20;

/// Somebody who has a case open, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looker {
    /// Who.
    pub account_id: AccountId,
    /// The role by which the case is seen.
    pub role: Role,
    /// The member, if it is one.
    pub member_id: Option<MemberId>,
}

/// Who looks at one case, and when each has opened it.
type Lookers = Arc<Mutex<HashMap<AccountId, (Looker, DateTime<Utc>)>>>;

/// Who looks at which case.
pub struct Presence {
    clock: SharedClock,
    redis: Option<Redis>,
    here: moka::sync::Cache<CaseId, Lookers>,
}

impl std::fmt::Debug for Presence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Presence").field("redis", &self.redis).finish_non_exhaustive()
    }
}

impl Presence {
    /// Nobody looks at anything yet.
    #[must_use]
    pub fn new(clock: SharedClock, redis: Option<Redis>) -> Self {
        let here = moka::sync::Cache::builder().max_capacity(MAX_CASES).time_to_idle(LIFE).build();
        Self { clock, redis, here }
    }

    /// Remembers that somebody has opened a case, and tells who else has, the last one first.
    pub async fn look(&self, case_id: CaseId, who: Looker) -> Vec<Looker> {
        let now = self.clock.now();
        let mut all = match self.look_shared(case_id, who, now).await {
            Some(all) => all,
            None => self.look_here(case_id, who, now),
        };
        // Whose role has changed meanwhile stands there twice.
        let mut known = HashSet::from([who.account_id]);
        all.retain(|other| known.insert(other.account_id));
        all.truncate(MOST.unsigned_abs());
        all
    }

    /// In Redis, in one round trip; `None` without it.
    async fn look_shared(&self, case_id: CaseId, who: Looker, now: DateTime<Utc>) -> Option<Vec<Looker>> {
        let redis = self.redis.as_ref()?;
        let name = format!("{}:presence:{case_id}", redis.prefix());
        let entry = serde_json::to_string(&who).ok()?;
        let over = (now - LOOKS_FOR).timestamp_millis();
        let looked = redis.call(|mut connection| async move {
            redis::pipe()
                .atomic()
                .zrembyscore(&name, "-inf", over)
                .ignore()
                .zadd(&name, entry, now.timestamp_millis())
                .ignore()
                .pexpire(&name, LOOKS_FOR.num_milliseconds())
                .ignore()
                .zrevrange(&name, 0, MOST)
                .query_async::<(Vec<String>,)>(&mut connection)
                .await
        });
        let (entries,) = looked.await?;
        // What another version wrote, and this one can't read, is nobody.
        Some(entries.iter().filter_map(|entry| serde_json::from_str(entry).ok()).collect())
    }

    fn look_here(&self, case_id: CaseId, who: Looker, now: DateTime<Utc>) -> Vec<Looker> {
        let lookers = self.here.get_with(case_id, Lookers::default);
        let mut lookers = lookers.lock().unwrap_or_else(PoisonError::into_inner);
        lookers.retain(|_, (_, at)| now - *at < LOOKS_FOR);
        lookers.insert(who.account_id, (who, now));
        let mut all: Vec<(Looker, DateTime<Utc>)> = lookers.values().copied().collect();
        all.sort_by_key(|(who, at)| (std::cmp::Reverse(*at), who.account_id));
        all.into_iter().map(|(who, _)| who).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock::ManualClock;

    fn looker(n: u128) -> Looker {
        Looker { account_id: AccountId(Uuid::from_u128(n)), role: Role::StationManager, member_id: None }
    }

    #[tokio::test]
    async fn who_has_opened_a_case_counts_for_a_minute_and_never_to_himself() {
        let clock = Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH));
        let presence = Presence::new(clock.clone(), None);
        let (case, other) = (CaseId(Uuid::from_u128(1)), CaseId(Uuid::from_u128(2)));
        assert_eq!(presence.look(case, looker(1)).await, []);
        clock.advance(TimeDelta::seconds(30));
        assert_eq!(presence.look(case, looker(2)).await, [looker(1)]);
        assert_eq!(presence.look(other, looker(3)).await, []);
        clock.advance(TimeDelta::seconds(29));
        assert_eq!(presence.look(case, looker(3)).await, [looker(2), looker(1)], "the last one first");
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(presence.look(case, looker(2)).await, [looker(3)]);
    }

    #[tokio::test]
    async fn no_more_are_told_of_than_fit_on_a_screen() {
        let presence = Presence::new(Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH)), None);
        let case = CaseId(Uuid::from_u128(1));
        for n in 1..50 {
            presence.look(case, looker(n)).await;
        }
        assert_eq!(presence.look(case, looker(50)).await.len(), MOST.unsigned_abs());
    }
}
