//! Access tokens: two slots that do not disturb each other, roll-over, and what a stale token answers.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::random::Random;
use crate::state::quotas::beijing_day;
use crate::wire::Refusal;

/// Seconds that a token lives.
const LIFE: i64 = 7200;
/// Seconds before its end in which a stable token is replaced, and in which the old token of the legacy
/// API still works after it was replaced.
const OVERLAP: i64 = 300;
/// Forced refreshes a day.
const FORCED_PER_DAY: usize = 20;
/// Seconds between two forced refreshes.
const FORCED_APART: i64 = 30;

/// Which API a token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Slot {
    /// `POST /cgi-bin/stable_token`.
    Stable,
    /// `GET /cgi-bin/token`.
    Legacy,
}

/// A token with the seconds that are left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) access_token: String,
    pub(crate) expires_in: i64,
}

#[derive(Debug)]
struct Issued {
    valid_until: DateTime<Utc>,
    superseded: bool,
}

/// All tokens ever issued to the mini-program.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: HashMap<String, Issued>,
    current: HashMap<Slot, (String, DateTime<Utc>)>,
    forced_at: Vec<DateTime<Utc>>,
}

impl Tokens {
    /// The stable token in normal mode: the same one, until five minutes before its end.
    pub(crate) fn stable(&mut self, now: DateTime<Utc>, random: &mut Random) -> Grant {
        match self.current.get(&Slot::Stable) {
            Some((token, expires_at)) if left(*expires_at, now) > OVERLAP => {
                Grant { access_token: token.clone(), expires_in: left(*expires_at, now) }
            }
            Some((_, expires_at)) => {
                let overlap_ends = *expires_at;
                self.replace(Slot::Stable, overlap_ends, now, random)
            }
            None => self.replace(Slot::Stable, now, now, random),
        }
    }

    /// The forced refresh: kills the old token at once, unless it comes too soon or too often; then it is
    /// as the normal mode.
    pub(crate) fn forced(&mut self, now: DateTime<Utc>, random: &mut Random) -> Grant {
        let today = self.forced_at.iter().filter(|at| beijing_day(**at) == beijing_day(now)).count();
        let too_soon =
            self.forced_at.last().is_some_and(|last| now - *last < TimeDelta::seconds(FORCED_APART));
        if too_soon || today >= FORCED_PER_DAY {
            return self.stable(now, random);
        }
        self.forced_at.push(now);
        self.supersede_stable(now, random)
    }

    /// The legacy API: a new token at each call, and five more minutes for the one before.
    pub(crate) fn legacy(&mut self, now: DateTime<Utc>, random: &mut Random) -> Grant {
        self.replace(Slot::Legacy, now + TimeDelta::seconds(OVERLAP), now, random)
    }

    /// The stable token that was given last.
    pub(crate) fn present_stable(&self) -> Option<String> {
        self.current.get(&Slot::Stable).map(|(token, _)| token.clone())
    }

    /// A new stable token without limits; the old one is dead at once.
    pub(crate) fn supersede_stable(&mut self, now: DateTime<Utc>, random: &mut Random) -> Grant {
        self.replace(Slot::Stable, now, now, random)
    }

    fn replace(
        &mut self,
        slot: Slot,
        overlap_ends: DateTime<Utc>,
        now: DateTime<Utc>,
        random: &mut Random,
    ) -> Grant {
        let expires_at = now + TimeDelta::seconds(LIFE);
        let token = random.access_token();
        let before = self.current.insert(slot, (token.clone(), expires_at));
        if let Some(old) = before.and_then(|(old, _)| self.issued.get_mut(&old)) {
            old.superseded = true;
            old.valid_until = old.valid_until.min(overlap_ends);
        }
        self.issued.insert(token.clone(), Issued { valid_until: expires_at, superseded: false });
        Grant { access_token: token, expires_in: LIFE }
    }

    /// Checks the token of a call: 41001 none, 40014 not a token at all, 40001 never issued, 42001 dead of
    /// age, `superseded_errcode` replaced by a newer one.
    pub(crate) fn check(
        &self,
        token: Option<&str>,
        now: DateTime<Utc>,
        superseded_errcode: i64,
    ) -> Result<(), Refusal> {
        let token = token.ok_or(Refusal::new(41001))?;
        match self.issued.get(token) {
            Some(issued) if now < issued.valid_until => Ok(()),
            Some(Issued { superseded: true, .. }) => Err(Refusal::new(superseded_errcode)),
            Some(_) => Err(Refusal::new(42001)),
            None if looks_like_a_token(token) => Err(Refusal::new(40001)),
            None => Err(Refusal::new(40014)),
        }
    }
}

fn left(until: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (until - now).num_seconds()
}

fn looks_like_a_token(text: &str) -> bool {
    text.split_once('_').is_some_and(|(generation, rest)| {
        !generation.is_empty()
            && generation.chars().all(|c| c.is_ascii_digit())
            && !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}
