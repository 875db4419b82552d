//! Writes down what is to be sent, in the transaction of the messages that it tells.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use domain::message::MessageKind;
use domain::vocabulary::{Channel, DeliveryState};
use entity::delivery;
use uuid::Uuid;

use super::{Told, second};
use crate::state::Parts;
use crate::store::outbox::{self, NewJob};
use crate::store::{self, Job, StoreError, Transaction};

/// Somebody whose inbox has a new message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub account_id: AccountId,
    /// The message.
    pub message_id: Uuid,
}

/// Whether messages of this kind ever leave the app, as configured.
#[must_use]
pub fn is_sent(state: &Parts, kind: MessageKind) -> bool {
    let config = &state.config.messages;
    let has_group = kind.is_for_staff() && !config.robots.is_empty();
    config.template(kind).is_some() || has_group || config.has_sms(kind)
}

/// Plans the sending of new messages of one kind, and enqueues the job. Where nothing is configured for the
/// kind, people read it in the app only, and this costs nothing.
///
/// # Errors
/// The database does not answer.
pub async fn plan(
    state: &Parts,
    tx: &Transaction,
    kind: MessageKind,
    told: &Told,
    recipients: &[Recipient],
) -> Result<(), StoreError> {
    let config = &state.config.messages;
    let template = config.template(kind);
    let has_second = second::is_there(state, kind, told);
    if recipients.is_empty() || (template.is_none() && !has_second) {
        return Ok(());
    }
    // Templates are those of the main mini-program.
    let appid = state.wechat.main().ok().map(|client| client.appid());
    let openids = match (template, appid) {
        (Some(_), Some(appid)) => openids(tx, appid, recipients).await?,
        _ => HashMap::new(),
    };
    let now = state.clock.now();
    let draft = Draft { state, kind, told, now, run_at: config.quiet_hours().send_at(kind, now) };
    let (mut rows, mut unreached) = (Vec::new(), Vec::new());
    for recipient in recipients {
        match (template, openids.get(&recipient.account_id)) {
            (Some(template), Some(openid)) => rows.push(delivery::Model {
                appid: appid.map(str::to_owned),
                openid: Some(openid.clone()),
                template_id: Some(template.id.clone()),
                ..draft.row(Channel::WeChat, recipient)?
            }),
            _ => unreached.push(*recipient),
        }
    }
    rows.extend(second::rows(tx, &draft, &unreached).await?);
    if rows.is_empty() {
        return Ok(());
    }
    store::deliveries::insert_once(tx, rows).await?;
    enqueue(state, tx, draft.run_at).await
}

async fn openids(
    tx: &Transaction,
    appid: &str,
    recipients: &[Recipient],
) -> Result<HashMap<AccountId, String>, StoreError> {
    let accounts: Vec<AccountId> = recipients.iter().map(|recipient| recipient.account_id).collect();
    store::accounts::list_openids(tx, appid, &accounts).await
}

/// Lets a job send what is due then. Jobs for a later time are one a second.
///
/// # Errors
/// The database does not answer.
pub(super) async fn enqueue(
    state: &Parts,
    tx: &Transaction,
    run_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let now = state.clock.now();
    let key = (run_at > now).then(|| format!("send_messages@{}", run_at.timestamp()));
    let new = NewJob {
        id: state.ids.next(),
        job: &Job::SendMessages,
        run_at,
        dedupe_key: key.as_deref(),
        created_at: now,
    };
    outbox::enqueue(tx, new).await?;
    Ok(())
}

/// What all rows of one event have in common.
pub(super) struct Draft<'a> {
    pub(super) state: &'a Parts,
    pub(super) kind: MessageKind,
    pub(super) told: &'a Told,
    pub(super) now: DateTime<Utc>,
    pub(super) run_at: DateTime<Utc>,
}

impl Draft<'_> {
    /// A row that waits.
    pub(super) fn row(&self, channel: Channel, to: &Recipient) -> Result<delivery::Model, StoreError> {
        let facts = serde_json::to_value(self.told)
            .map_err(|error| StoreError::inconsistent("deliveries", to.message_id, error))?;
        Ok(delivery::Model {
            id: self.state.ids.next(),
            once_key: format!("{channel}:{}", to.message_id),
            channel,
            kind: self.kind,
            message_id: to.message_id,
            account_id: Some(to.account_id),
            scope_id: None,
            appid: None,
            openid: None,
            template_id: None,
            facts,
            plainer: None,
            state: DeliveryState::Waiting,
            run_at: self.run_at,
            attempts: 0,
            has_reserved: false,
            lease_id: None,
            leased_until: None,
            reason: None,
            msg_id: None,
            sent_at: None,
            confirmed_at: None,
            settled_at: None,
            created_at: self.now,
        })
    }
}
