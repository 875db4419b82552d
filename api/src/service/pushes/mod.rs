//! What WeChat tells us: kept at once, so that it gets its answer in time, and worked on by a job.
//!
//! [`receive`] is the front, [`handle`] the back. A push comes up to three times, and late; each is kept and
//! worked on once.

mod consents;

use std::sync::Arc;

use domain::audit::{AuditAction, AuditTarget};
use domain::ids::PushId;
use domain::vocabulary::PushState;
use entity::wechat_push;
use serde_json::{Value, json};

use crate::jobs::Job;
use crate::seal::sha256;
use crate::service::audit::{self, Deed};
use crate::service::content;
use crate::service::subscriptions::{self, RefusedIn, SentResult};
use crate::state::AppState;
use crate::store::outbox::NewJob;
use crate::store::subscriptions::Key;
use crate::store::{self, StoreError};
use crate::wechat::{Punishment, Push, PushEvent, PushFault, PushKeys, PushQuery, SubscriptionEvent};

/// What a kept push is sealed for.
const CONTEXT: &str = "wechat_pushes.body";

/// Why a push was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// No message push is configured.
    #[error("wechat.push is not configured")]
    NotConfigured,
    /// It is not WeChat's.
    #[error(transparent)]
    Fault(#[from] PushFault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The word to answer with, when WeChat asks whether we are we.
///
/// # Errors
/// [`PushError`]
pub fn verify<'q>(state: &AppState, query: &'q PushQuery) -> Result<&'q str, PushError> {
    Ok(keys(state)?.verify(query, state.clock.now())?)
}

fn keys(state: &AppState) -> Result<Arc<PushKeys>, PushError> {
    state.push_keys.clone().ok_or(PushError::NotConfigured)
}

/// Keeps a push, once, together with the job that works on it.
///
/// # Errors
/// [`PushError`]
pub async fn receive(state: &AppState, query: &PushQuery, body: &[u8]) -> Result<(), PushError> {
    let message = keys(state)?.open(query, body)?;
    let push = Push::read(message.clone())?;
    let now = state.clock.now();
    let plain = message.to_string();
    let broken = |error: &dyn ToString| StoreError::inconsistent("wechat_pushes", "body", error.to_string());
    let sealed = state.sealer.seal(&state.ids, CONTEXT, plain.as_bytes()).map_err(|error| broken(&error))?;
    let row = wechat_push::Model {
        id: state.ids.next(),
        appid: state.config.wechat.appid.clone(),
        event: push.event.as_str().to_owned(),
        dedupe_hash: dedupe_hash(&state.config.wechat.appid, &push, &message),
        trace_id: push.event.trace_id().map(str::to_owned),
        state: PushState::Received,
        body_sealed: Some(sealed),
        received_at: now,
        done_at: None,
    };
    let job = Job::HandlePush { push_id: row.id };
    metrics::counter!("wechat_pushes_total", "event" => push.event.as_str()).increment(1);
    let tx = state.db.begin().await?;
    if store::wechat_pushes::insert_once(&tx, row).await? {
        let new = NewJob { id: state.ids.next(), job: &job, run_at: now, dedupe_key: None, created_at: now };
        store::outbox::enqueue(&tx, new).await?;
        tx.commit().await.map_err(StoreError::from)?;
        state.jobs.wake();
    }
    Ok(())
}

/// What a repetition is known by: the trace of a result; else all that it says. Members come sorted, so that
/// JSON in another order is the same.
fn dedupe_hash(appid: &str, push: &Push, message: &Value) -> Vec<u8> {
    let known_by = push.event.trace_id().map_or_else(|| message.to_string(), str::to_owned);
    sha256(format!("{appid}/{}/{known_by}", push.event.as_str()).as_bytes())
}

/// Works on a push. Doing it twice changes nothing more.
///
/// # Errors
/// The database does not answer, or what was kept can't be read.
pub async fn handle(state: &AppState, id: PushId) -> Result<(), StoreError> {
    let db = state.db.reader();
    let Some(row) = store::wechat_pushes::find(db, id).await? else { return Ok(()) };
    let Some(sealed) = row.body_sealed else { return Ok(()) };
    let broken = |error: &dyn ToString| StoreError::inconsistent("wechat_pushes", id, error.to_string());
    let plain = state.sealer.open(CONTEXT, &sealed).map_err(|error| broken(&error))?;
    let message: Value = serde_json::from_slice(&plain).map_err(|error| broken(&error))?;
    let push = Push::read(message).map_err(|error| broken(&error))?;
    match &push.event {
        PushEvent::MediaCheck(verdict) => {
            if !content::settle_traced(state, verdict).await? {
                store::wechat_pushes::wait(db, id).await?;
                // Whoever asked may have learnt the trace just now, and found nothing that waits.
                if !content::settle_traced(state, verdict).await? {
                    return Ok(());
                }
            }
        }
        PushEvent::SubscriptionPopup(event)
        | PushEvent::SubscriptionChange(event)
        | PushEvent::SubscriptionSent(event) => {
            return subscription(state, id, &row.appid, &push.event, event).await;
        }
        PushEvent::AuthorizationRevoked(authorization) => {
            consents::revoke(state, &row.appid, &authorization.openid, &authorization.revoked).await?;
        }
        PushEvent::UserInfoModified(authorization) => {
            consents::revoke(state, &row.appid, &authorization.openid, &consents::NAME_AND_PICTURE).await?;
        }
        PushEvent::AuthorizationCancelled(authorization) => {
            consents::cancel(state, &row.appid, &authorization.openid).await?;
        }
        PushEvent::Punished(punishment) => return punish(state, id, punishment).await,
        PushEvent::DebugDemo(words) => tracing::info!(words, "WeChat's console has tried the message push"),
        PushEvent::Other(name) => tracing::info!(name, "WeChat told of something that concerns nothing here"),
    }
    store::wechat_pushes::finish(db, id, state.clock.now()).await?;
    Ok(())
}

/// Works on the results that came before it was known what they are the results of.
///
/// # Errors
/// The database does not answer.
pub async fn match_waiting(state: &AppState, trace_id: &str) -> Result<(), StoreError> {
    for id in store::wechat_pushes::list_waiting(state.db.reader(), trace_id).await? {
        Box::pin(handle(state, id)).await?;
    }
    Ok(())
}

/// What somebody said of messages, or became of one: into the ledger, in the transaction that ends the push,
/// so that it counts once.
async fn subscription(
    state: &AppState,
    id: PushId,
    appid: &str,
    event: &PushEvent,
    told: &SubscriptionEvent,
) -> Result<(), StoreError> {
    let tx = state.db.begin().await?;
    if !store::wechat_pushes::finish(&tx, id, state.clock.now()).await? {
        return Ok(());
    }
    for change in &told.changes {
        let (openid, template_id) = (told.openid.clone(), change.template_id.clone());
        let key = Key { appid: appid.to_owned(), openid, template_id };
        match (event, change.status.as_deref(), change.error_code) {
            (PushEvent::SubscriptionPopup(_), Some("accept"), _) => {
                subscriptions::accepted(state, &tx, &key).await?;
            }
            (PushEvent::SubscriptionPopup(_), _, _) => {
                subscriptions::refused(state, &tx, &key, RefusedIn::Popup).await?;
            }
            (PushEvent::SubscriptionChange(_), Some("reject"), _) => {
                subscriptions::refused(state, &tx, &key, RefusedIn::Settings).await?;
            }
            (PushEvent::SubscriptionSent(_), _, Some(error_code)) => {
                let result = SentResult { msg_id: change.msg_id.as_deref(), error_code };
                subscriptions::sent_result(state, &tx, &key, result).await?;
            }
            _ => tracing::info!(event = event.as_str(), "WeChat told of messages what changes nothing"),
        }
    }
    tx.commit().await?;
    state.jobs.wake();
    Ok(())
}

/// WeChat has punished the mini-program: the operators have to know at once.
async fn punish(state: &AppState, id: PushId, punishment: &Punishment) -> Result<(), StoreError> {
    let tx = state.db.begin().await?;
    if !store::wechat_pushes::finish(&tx, id, state.clock.now()).await? {
        return Ok(());
    }
    let deed = Deed {
        committee_id: None,
        action: AuditAction::Punish,
        target: AuditTarget::MiniProgram,
        target_id: id.0,
        detail: json!({
            "kind": punishment.kind,
            "punish_id": punishment.punish_id,
            "punished_at": punishment.punished_at,
            "reason": punishment.reason,
            "rule": punishment.rule,
            "content": punishment.content,
            "rule_url": punishment.rule_url,
            "guide_url": punishment.guide_url,
        }),
    };
    audit::record(state, &tx, None, deed).await?;
    tx.commit().await?;
    metrics::counter!("wechat_punishments_total").increment(1);
    tracing::error!(
        kind = punishment.kind,
        punish_id = punishment.punish_id,
        reason = punishment.reason,
        "WeChat has punished the mini-program; the audit log has all of it"
    );
    Ok(())
}
