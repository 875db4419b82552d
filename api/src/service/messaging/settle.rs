//! What became of a message, and what that means: for its credit, its template, and another channel.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::{shanghai_date, start_of_day};
use domain::vocabulary::{DeliveryState, PauseReason, Plainer};
use entity::{delivery, message_pause};

use super::choose::{count, key_of};
use super::{plan, second};
use crate::jobs::delay_after;
use crate::sms::SmsError;
use crate::state::Parts;
use crate::store::deliveries::Try;
use crate::store::message_pauses::ALL;
use crate::store::{self, StoreError, Transaction};
use crate::wechat::{Class, Refusal, SubscribeMessage, WeChatError};

/// What WeChat is not sent by a template that it does not know, until it is tried again.
const TEMPLATE_PAUSE: TimeDelta = TimeDelta::hours(1);

/// WeChat's numbers that mean something of their own to a message.
mod errcode {
    pub(super) const NO_CREDIT: i64 = 43101;
    pub(super) const NO_TEMPLATE: i64 = 40037;
    pub(super) const BANNED: i64 = 43107;
    pub(super) const BAD_VALUE: i64 = 47003;
    pub(super) const SENSITIVE: i64 = 45168;
    pub(super) const BAD_PAGE: i64 = 41030;
    /// A robot has said too much in a minute.
    pub(super) const ROBOT_LIMIT: i64 = 45009;
}

/// What became of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was taken.
    Sent { msg_id: Option<String> },
    /// It was surely not taken, and won't be.
    Refused { reason: String },
    /// The user has not agreed, or not any more.
    NoCredit,
    /// It was surely not taken, and may be later.
    Again { after: TimeDelta, reason: String },
    /// It may be taken in plainer words, or without a page.
    Plainer(Plainer, String),
    /// Nothing more is to be sent for a while.
    Pause { reason: PauseReason, errcode: i64 },
    /// It may have been taken.
    Unknown { reason: String },
}

impl Fate {
    /// The call was not made.
    pub(super) fn not_sent(error: &WeChatError) -> Self {
        let after = match error.refusal().map(Refusal::class) {
            Some(Class::Retry(after)) => later(after),
            _ => TimeDelta::zero(),
        };
        Self::Again { after, reason: error.to_string() }
    }

    /// WeChat has refused a message.
    pub(super) fn refused(refusal: &Refusal, row: &delivery::Model, sent: &SubscribeMessage) -> Self {
        let reason = refusal.code.to_string();
        match refusal.code {
            errcode::NO_CREDIT => return Self::NoCredit,
            errcode::NO_TEMPLATE => {
                return Self::Pause { reason: PauseReason::Template, errcode: refusal.code };
            }
            errcode::BANNED => return Self::Pause { reason: PauseReason::Ban, errcode: refusal.code },
            errcode::SENSITIVE if row.plainer.is_none() => {
                return Self::Plainer(Plainer::Neutral, reason);
            }
            errcode::BAD_PAGE if row.plainer.is_none() && sent.page.is_some() => {
                return Self::Plainer(Plainer::Pageless, reason);
            }
            errcode::BAD_VALUE => report_bad_value(refusal, row, sent),
            _ => {}
        }
        match refusal.class() {
            Class::Retry(after) => Self::Again { after: later(after), reason },
            // The client has refreshed it once already.
            Class::RefreshToken => Self::Again { after: TimeDelta::zero(), reason },
            Class::Quota => Self::Pause { reason: PauseReason::Quota, errcode: refusal.code },
            Class::Operator => Self::Again { after: TimeDelta::minutes(5), reason },
            Class::Business | Class::Refused | Class::Bug => Self::Refused { reason },
        }
    }

    /// A robot has refused to speak.
    pub(super) fn of_robot(refusal: &Refusal) -> Self {
        let reason = refusal.code.to_string();
        match refusal.code {
            errcode::ROBOT_LIMIT => Self::Again { after: TimeDelta::minutes(1), reason },
            -1 => Self::Again { after: TimeDelta::zero(), reason },
            _ => {
                tracing::error!(errcode = refusal.code, "the robot of a group refuses messages");
                Self::Refused { reason }
            }
        }
    }

    /// A text message was not taken.
    pub(super) fn of_sms(error: SmsError) -> Self {
        match error {
            SmsError::NotTaken { after, reason } => Self::Again { after: later(after), reason },
            SmsError::Refused(reason) => {
                tracing::error!(reason, "the gateway refuses a text message");
                Self::Refused { reason }
            }
            SmsError::Unknown(reason) => Self::Unknown { reason },
        }
    }
}

fn later(after: Duration) -> TimeDelta {
    TimeDelta::from_std(after).unwrap_or(TimeDelta::minutes(1))
}

/// Our own fault: says which field it is and how long, and never what stood in it.
fn report_bad_value(refusal: &Refusal, row: &delivery::Model, sent: &SubscribeMessage) {
    let field = sent.data.iter().find(|(name, _)| refusal.message.contains(&format!("data.{name}.")));
    tracing::error!(
        kind = row.kind.as_str(),
        field = field.map_or("?", |(name, _)| name.as_str()),
        characters = field.map_or(0, |(_, value)| value.chars().count()),
        rid = refusal.rid.as_deref().unwrap_or(""),
        "WeChat does not take the value of a field: compare the template with its configuration"
    );
}

/// Writes down what became of a batch, in one transaction.
pub(super) async fn settle(
    state: &Parts,
    this: Try,
    fates: Vec<(&delivery::Model, Fate)>,
) -> Result<(), StoreError> {
    if fates.is_empty() {
        return Ok(());
    }
    let this = Try { now: state.clock.now(), ..this };
    let tx = state.db.begin().await?;
    let (mut sent, mut unknown) = (Vec::new(), Vec::new());
    for (row, fate) in fates {
        match fate {
            Fate::Sent { msg_id } => {
                count(row, "sent");
                sent.push((row.id, msg_id));
            }
            Fate::Unknown { reason } => {
                count(row, "unknown");
                unknown.push((row.id, reason));
            }
            other => settle_one(state, &tx, this, row, other).await?,
        }
    }
    store::deliveries::settle_sent(&tx, &sent, this).await?;
    for (id, reason) in unknown {
        store::deliveries::settle_unknown(&tx, &[id], this, &short(&reason)).await?;
    }
    Ok(tx.commit().await?)
}

async fn settle_one(
    state: &Parts,
    tx: &Transaction,
    this: Try,
    row: &delivery::Model,
    fate: Fate,
) -> Result<(), StoreError> {
    match fate {
        // Settled together with others, by the caller.
        Fate::Sent { .. } | Fate::Unknown { .. } => Ok(()),
        Fate::Refused { reason } => end(state, tx, this, row, DeliveryState::Refused, &reason).await,
        Fate::NoCredit => {
            let refused = DeliveryState::Refused;
            if store::deliveries::settle_refused(tx, row.id, this, refused, "43101").await? {
                count(row, "refused");
                if let Some(key) = key_of(row) {
                    store::subscriptions::refuse(tx, &key, this.now).await?;
                }
                second::fall_back(state, tx, row).await?;
            }
            Ok(())
        }
        Fate::Again { after, reason } => match delay_after(row.attempts) {
            Some(delay) => {
                let run_at = this.now + delay.max(after);
                try_again(state, tx, this, row, (run_at, &reason), row.plainer).await
            }
            None => end(state, tx, this, row, DeliveryState::Dead, &reason).await,
        },
        Fate::Plainer(plainer, reason) => {
            try_again(state, tx, this, row, (this.now, &reason), Some(plainer)).await
        }
        Fate::Pause { reason, errcode } => pause(state, tx, this, row, (reason, errcode)).await,
    }
}

/// Lets it be tried again, with the credit back in the ledger until then.
async fn try_again(
    state: &Parts,
    tx: &Transaction,
    this: Try,
    row: &delivery::Model,
    (run_at, reason): (DateTime<Utc>, &str),
    plainer: Option<Plainer>,
) -> Result<(), StoreError> {
    // What waits for another try does not come at night either.
    let run_at = state.config.messages.quiet_hours().send_at(row.kind, run_at);
    if store::deliveries::try_again(tx, row.id, this, (run_at, &short(reason)), plainer).await? {
        count(row, "postponed");
        give_back(tx, row, this.now).await?;
        plan::enqueue(state, tx, run_at).await?;
    }
    Ok(())
}

/// Ends one that was not taken: its credit was not used, and staff is told by another way.
async fn end(
    state: &Parts,
    tx: &Transaction,
    this: Try,
    row: &delivery::Model,
    as_what: DeliveryState,
    reason: &str,
) -> Result<(), StoreError> {
    if store::deliveries::settle_refused(tx, row.id, this, as_what, &short(reason)).await? {
        count(row, as_what.as_str());
        give_back(tx, row, this.now).await?;
        second::fall_back(state, tx, row).await?;
    }
    Ok(())
}

async fn pause(
    state: &Parts,
    tx: &Transaction,
    this: Try,
    row: &delivery::Model,
    (reason, errcode): (PauseReason, i64),
) -> Result<(), StoreError> {
    let Some(key) = key_of(row) else { return Ok(()) };
    let (template_id, ends_at) = match reason {
        PauseReason::Template => (key.template_id.clone(), this.now + TEMPLATE_PAUSE),
        PauseReason::Ban => (ALL.to_owned(), this.now + TEMPLATE_PAUSE),
        // The quota of a day is WeChat's: it begins at midnight in Beijing.
        PauseReason::Quota => (ALL.to_owned(), start_of_day(shanghai_date(this.now)) + TimeDelta::days(1)),
    };
    tracing::error!(errcode, template_id, reason = reason.as_str(), %ends_at, "messages are held up");
    metrics::counter!("message_pauses_total", "reason" => reason.as_str()).increment(1);
    let row_of_pause = message_pause::Model {
        appid: key.appid,
        template_id,
        reason,
        errcode,
        ends_at,
        created_at: this.now,
    };
    store::message_pauses::put(tx, row_of_pause).await?;
    let words = errcode.to_string();
    match reason {
        PauseReason::Quota => try_again(state, tx, this, row, (ends_at, &words), row.plainer).await,
        PauseReason::Template | PauseReason::Ban => {
            end(state, tx, this, row, DeliveryState::Refused, &words).await
        }
    }
}

async fn give_back(tx: &Transaction, row: &delivery::Model, now: DateTime<Utc>) -> Result<(), StoreError> {
    match key_of(row) {
        Some(key) if row.has_reserved => store::subscriptions::give_back(tx, &key, now).await,
        _ => Ok(()),
    }
}

/// WeChat took it and tells now that it could not deliver it: staff is told by another way.
///
/// # Errors
/// The database does not answer.
pub async fn failed_later(state: &Parts, tx: &Transaction, row: &delivery::Model) -> Result<(), StoreError> {
    count(row, "failed");
    second::fall_back(state, tx, row).await
}

/// A reason that fits into its column.
fn short(reason: &str) -> String {
    reason.chars().take(200).collect()
}
