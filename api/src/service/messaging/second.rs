//! The second channel for staff: a robot in their group, told once for an event however many of them WeChat
//! does not reach.

use domain::message::MessageKind;
use domain::vocabulary::Channel;
use entity::delivery;
use uuid::Uuid;

use super::plan::{self, Draft, Recipient};
use super::{Told, compose};
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction};

/// The scope whose group is told: the station, or the committee.
fn group(state: &Parts, kind: MessageKind, told: &Told) -> Option<Uuid> {
    let scopes = [told.station_id.0, told.committee_id.0];
    let found = scopes.into_iter().find(|scope| state.config.messages.robot(*scope).is_some());
    found.filter(|_| kind.is_for_staff())
}

/// Whether there is another way than WeChat for this.
pub(super) fn is_there(state: &Parts, kind: MessageKind, told: &Told) -> bool {
    group(state, kind, told).is_some()
}

/// What is written for somebody whom WeChat does not reach.
pub(super) fn rows(draft: &Draft<'_>, to: &Recipient) -> Result<Option<delivery::Model>, StoreError> {
    let Some(scope) = group(draft.state, draft.kind, draft.told) else { return Ok(None) };
    Ok(Some(delivery::Model {
        once_key: format!("robot:{scope}:{}", draft.told.event),
        account_id: None,
        scope_id: Some(scope),
        ..draft.row(Channel::Robot, to)?
    }))
}

/// Writes it for a message that WeChat has not taken.
///
/// # Errors
/// The database does not answer.
pub(super) async fn fall_back(
    state: &Parts,
    tx: &Transaction,
    failed: &delivery::Model,
) -> Result<(), StoreError> {
    let (Channel::WeChat, Some(account_id)) = (failed.channel, failed.account_id) else { return Ok(()) };
    let told = compose::told(failed)?;
    let now = state.clock.now();
    let run_at = state.config.messages.quiet_hours().send_at(failed.kind, now);
    let draft = Draft { state, kind: failed.kind, told: &told, now, run_at };
    let to = Recipient { account_id, message_id: failed.message_id };
    let Some(row) = rows(&draft, &to)? else { return Ok(()) };
    store::deliveries::insert_once(tx, vec![row]).await?;
    plan::enqueue(state, tx, run_at).await
}
