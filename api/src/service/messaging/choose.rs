//! Takes a batch of due messages: decides which are sent, reserves a credit for each, and ends those that
//! may not be sent, all in one transaction.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::DeliveryId;
use domain::vocabulary::{Channel, PauseReason};
use entity::{delivery, message_pause, subscription};
use uuid::Uuid;

use super::{plan, second};
use crate::config::Term;
use crate::state::Parts;
use crate::store::deliveries::Try;
use crate::store::message_pauses::ALL;
use crate::store::subscriptions::Key;
use crate::store::{self, StoreError, Transaction};

/// A sender that has not come back after this long won't: longer than all time-outs of one call.
const LEASE: TimeDelta = TimeDelta::seconds(90);
/// What a robot may say in a minute.
const ROBOT_A_MINUTE: i64 = 20;
/// The span of that limit.
const ROBOT_SPAN: TimeDelta = TimeDelta::minutes(1);

/// Messages that are now this process's to send.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) messages: Vec<delivery::Model>,
    pub(super) this: Try,
}

/// What is decided on one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Send { reserve: bool },
    Refuse(&'static str),
    Wait(DateTime<Utc>),
}

/// Takes up to as many due messages as may be sent at the same time; `None` when none is due.
pub(super) async fn take(state: &Parts) -> Result<Option<Batch>, StoreError> {
    let now = state.clock.now();
    if !store::deliveries::is_any_due(state.db.reader(), now).await? {
        return Ok(None);
    }
    let tx = state.db.begin().await?;
    store::deliveries::lock_queue(&tx).await?;
    let most = state.config.messages.parallel;
    let window = u64::try_from(most.saturating_mul(2)).unwrap_or(u64::MAX);
    let found = store::deliveries::list_sendable(&tx, now, window).await?;
    let chosen = one_for_each_user(found, most);
    if chosen.is_empty() {
        return Ok(None);
    }
    let messages = decide(state, &tx, chosen, now).await?;
    tx.commit().await?;
    Ok(Some(messages))
}

/// WeChat takes one message at a time for a user.
fn one_for_each_user(found: Vec<delivery::Model>, most: usize) -> Vec<delivery::Model> {
    let mut users = HashSet::new();
    let mut chosen = Vec::new();
    for row in found {
        let is_first = row.openid.as_ref().is_none_or(|openid| users.insert(openid.clone()));
        if is_first && chosen.len() < most {
            chosen.push(row);
        }
    }
    chosen
}

async fn decide(
    state: &Parts,
    tx: &Transaction,
    chosen: Vec<delivery::Model>,
    now: DateTime<Utc>,
) -> Result<Batch, StoreError> {
    let keys: Vec<Key> = chosen.iter().filter_map(key_of).collect();
    let ledger = store::subscriptions::lock(tx, &keys).await?;
    let pauses = store::message_pauses::list(tx, now).await?;
    let scopes: Vec<Uuid> = chosen.iter().filter_map(|row| row.scope_id).collect();
    let mut said = store::deliveries::count_said(tx, &scopes, now - ROBOT_SPAN).await?;
    let this = Try { lease_id: state.ids.next(), now, leased_until: now + LEASE };
    let (mut sent, mut refused): (Vec<_>, HashMap<&str, Vec<DeliveryId>>) = (Vec::new(), HashMap::new());
    let (mut reserved, mut plain, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    let mut waiting: HashMap<DateTime<Utc>, Vec<DeliveryId>> = HashMap::new();
    for mut row in chosen {
        match verdict(state, &row, &ledger, &pauses, &mut said, now) {
            Verdict::Send { reserve } => {
                if reserve {
                    reserved.push(row.id);
                    taken.extend(key_of(&row));
                } else {
                    plain.push(row.id);
                }
                row.has_reserved = reserve;
                row.attempts += 1;
                sent.push(row);
            }
            Verdict::Refuse(reason) => {
                count(&row, "refused");
                second::fall_back(state, tx, &row).await?;
                refused.entry(reason).or_default().push(row.id);
            }
            Verdict::Wait(until) => {
                let until = state.config.messages.quiet_hours().send_at(row.kind, until);
                waiting.entry(until).or_default().push(row.id);
            }
        }
    }
    store::deliveries::begin(tx, &reserved, this, true).await?;
    store::deliveries::begin(tx, &plain, this, false).await?;
    store::subscriptions::take(tx, &taken, now).await?;
    for (reason, ids) in refused {
        store::deliveries::refuse(tx, &ids, reason, now).await?;
    }
    for (until, ids) in waiting {
        store::deliveries::postpone(tx, &ids, until).await?;
        plan::enqueue(state, tx, until).await?;
    }
    Ok(Batch { messages: sent, this })
}

fn verdict(
    state: &Parts,
    row: &delivery::Model,
    ledger: &[subscription::Model],
    pauses: &[message_pause::Model],
    said: &mut HashMap<Uuid, i64>,
    now: DateTime<Utc>,
) -> Verdict {
    match row.channel {
        Channel::WeChat => by_wechat(state, row, ledger, pauses),
        Channel::Robot => by_robot(state, row, said, now),
        Channel::Sms if state.sms.is_none() => Verdict::Refuse("sms_not_configured"),
        Channel::Sms => Verdict::Send { reserve: false },
    }
}

fn by_wechat(
    state: &Parts,
    row: &delivery::Model,
    ledger: &[subscription::Model],
    pauses: &[message_pause::Model],
) -> Verdict {
    let Some(key) = key_of(row) else { return Verdict::Refuse("no_user") };
    let pause = pauses
        .iter()
        .find(|pause| pause.appid == key.appid && [ALL, &key.template_id].contains(&&*pause.template_id));
    match pause.map(|pause| (pause.reason, pause.ends_at)) {
        Some((PauseReason::Quota, ends_at)) => return Verdict::Wait(ends_at),
        Some((PauseReason::Template, _)) => return Verdict::Refuse("template_paused"),
        Some((PauseReason::Ban, _)) => return Verdict::Refuse("banned"),
        None => {}
    }
    // Configured otherwise since it was planned.
    let Some(template) = state.config.messages.template_by_id(&key.template_id) else {
        return Verdict::Refuse("template_not_configured");
    };
    let known =
        ledger.iter().find(|known| known.openid == key.openid && known.template_id == key.template_id);
    match template.term {
        Term::Long if known.is_some_and(|known| known.refused_at.is_some()) => {
            Verdict::Refuse("user_refused")
        }
        Term::Long => Verdict::Send { reserve: false },
        Term::Once if known.is_some_and(|known| known.credit > 0) => Verdict::Send { reserve: true },
        Term::Once => Verdict::Refuse("no_credit"),
    }
}

fn by_robot(
    state: &Parts,
    row: &delivery::Model,
    said: &mut HashMap<Uuid, i64>,
    now: DateTime<Utc>,
) -> Verdict {
    let Some(scope) = row.scope_id.filter(|scope| state.config.messages.robot(*scope).is_some()) else {
        return Verdict::Refuse("robot_not_configured");
    };
    let said = said.entry(scope).or_default();
    if *said >= ROBOT_A_MINUTE {
        return Verdict::Wait(now + ROBOT_SPAN);
    }
    *said += 1;
    Verdict::Send { reserve: false }
}

/// Where its credit stands in the ledger; none for other channels than WeChat.
pub(super) fn key_of(row: &delivery::Model) -> Option<Key> {
    let (Some(appid), Some(openid), Some(template_id)) = (&row.appid, &row.openid, &row.template_id) else {
        return None;
    };
    Some(Key { appid: appid.clone(), openid: openid.clone(), template_id: template_id.clone() })
}

/// Counts a message by what became of it.
pub(super) fn count(row: &delivery::Model, outcome: &'static str) {
    let labels = [("channel", row.channel.as_str()), ("kind", row.kind.as_str()), ("outcome", outcome)];
    metrics::counter!("messages_total", &labels).increment(1);
}
