//! Sends what is due, some messages at the same time, and writes down what became of each.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::vocabulary::Channel;
use entity::delivery;
use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::settle::{Fate, settle};
use super::{choose, compose, plan};
use crate::service::own_phone;
use crate::sms::Sms;
use crate::state::{AppState, Parts};
use crate::store::{StoreError, Transaction};
use crate::wechat::SendError;

/// After this long a job lets others have their turn, and comes again.
const TURN: Duration = Duration::from_secs(10);
/// One call with its token, all time-outs together; it must end before the lease does.
const LONGEST_CALL: Duration = Duration::from_secs(60);

/// Sends all messages that are due, batch by batch.
///
/// # Errors
/// The database does not answer. What was being sent then is of unknown fate, and never sent again.
pub async fn send_due(state: &AppState) -> Result<(), StoreError> {
    let begun = Instant::now();
    while let Some(batch) = choose::take(state).await? {
        let mut calls: FuturesUnordered<_> =
            batch.messages.iter().map(|message| call(state, message)).collect();
        let mut fates = Vec::with_capacity(batch.messages.len());
        while let Some(ended) = calls.next().await {
            fates.push(ended);
        }
        settle(state, batch.this, fates).await?;
        if begun.elapsed() > TURN {
            return come_again(state).await;
        }
    }
    Ok(())
}

async fn come_again(state: &Parts) -> Result<(), StoreError> {
    let tx: Transaction = state.db.begin().await?;
    plan::enqueue(state, &tx, state.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn call<'a>(state: &Parts, message: &'a delivery::Model) -> (&'a delivery::Model, Fate) {
    let sending = async {
        match message.channel {
            Channel::WeChat => by_wechat(state, message).await,
            Channel::Robot => by_robot(state, message).await,
            Channel::Sms => by_sms(state, message).await,
        }
    };
    let fate = tokio::time::timeout(LONGEST_CALL, sending).await;
    (message, fate.unwrap_or(Fate::Unknown { reason: "no answer in time".to_owned() }))
}

async fn by_wechat(state: &Parts, message: &delivery::Model) -> Fate {
    let config = &state.config.messages;
    let (Some(openid), Some(template_id)) = (&message.openid, &message.template_id) else {
        return Fate::Refused { reason: "no_user".to_owned() };
    };
    let (Some(template), Ok(told)) = (config.template_by_id(template_id), compose::told(message)) else {
        return Fate::Refused { reason: "template_not_configured".to_owned() };
    };
    let to = compose::Addressed { openid, message_id: message.message_id, plainer: message.plainer };
    let composed = compose::compose(template, &told, to, config.miniprogram_state);
    let client = match message.appid.as_deref().map(|appid| state.wechat.of(appid)) {
        Some(Ok(client)) => client,
        Some(Err(error)) => return Fate::not_sent(&error),
        None => return Fate::Refused { reason: "no_user".to_owned() },
    };
    match client.send_subscribed(&composed).await {
        Ok(msg_id) => Fate::Sent { msg_id },
        Err(SendError::NotSent(error)) => Fate::not_sent(&error),
        Err(SendError::Refused(refusal)) => Fate::refused(&refusal, message, &composed),
        Err(SendError::Unknown(error)) => Fate::Unknown { reason: error.to_string() },
    }
}

async fn by_robot(state: &Parts, message: &delivery::Model) -> Fate {
    let robot = message.scope_id.and_then(|scope| state.config.messages.robot(scope));
    let (Some(robot), Ok(told)) = (robot, compose::told(message)) else {
        return Fate::Refused { reason: "robot_not_configured".to_owned() };
    };
    match state.robots.say(&robot.url, &compose::for_group(&told)).await {
        Ok(()) => Fate::Sent { msg_id: None },
        Err(SendError::NotSent(error)) => Fate::not_sent(&error),
        Err(SendError::Refused(refusal)) => Fate::of_robot(&refusal),
        Err(SendError::Unknown(error)) => Fate::Unknown { reason: error.to_string() },
    }
}

async fn by_sms(state: &Parts, message: &delivery::Model) -> Fate {
    let (Some(provider), Some(account_id)) = (&state.sms, message.account_id) else {
        return Fate::Refused { reason: "sms_not_configured".to_owned() };
    };
    let phone = match own_phone::find(state, account_id).await {
        Ok(Some(phone)) => phone,
        Ok(None) => return Fate::Refused { reason: "no_phone".to_owned() },
        Err(error) => return Fate::Again { after: TimeDelta::zero(), reason: error.to_string() },
    };
    let text = match compose::told(message) {
        Ok(told) => compose::for_sms(&told),
        Err(error) => return Fate::Refused { reason: error.to_string() },
    };
    match provider.send(&Sms { id: message.message_id, phone: &phone, text: &text }).await {
        Ok(()) => Fate::Sent { msg_id: None },
        Err(error) => Fate::of_sms(error),
    }
}
