//! The second channel for staff: a robot in their group, told once for an event however many of them WeChat
//! does not reach; where there is none, a text message to whoever has given his number.

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
    group(state, kind, told).is_some() || state.config.messages.has_sms(kind)
}

/// What is written for those whom WeChat does not reach.
pub(super) async fn rows(
    tx: &Transaction,
    draft: &Draft<'_>,
    unreached: &[Recipient],
) -> Result<Vec<delivery::Model>, StoreError> {
    if let Some(scope) = group(draft.state, draft.kind, draft.told) {
        let Some(any) = unreached.first() else { return Ok(Vec::new()) };
        return Ok(vec![delivery::Model {
            once_key: format!("robot:{scope}:{}", draft.told.event),
            account_id: None,
            scope_id: Some(scope),
            ..draft.row(Channel::Robot, any)?
        }]);
    }
    if !draft.state.config.messages.has_sms(draft.kind) {
        return Ok(Vec::new());
    }
    let accounts: Vec<_> = unreached.iter().map(|recipient| recipient.account_id).collect();
    let reachable = store::account_phones::list_reachable(tx, &accounts).await?;
    let with_phone = unreached.iter().filter(|recipient| reachable.contains(&recipient.account_id));
    with_phone.map(|recipient| draft.row(Channel::Sms, recipient)).collect()
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
    let rows = rows(tx, &draft, &[to]).await?;
    if rows.is_empty() {
        return Ok(());
    }
    store::deliveries::insert_once(tx, rows).await?;
    plan::enqueue(state, tx, run_at).await
}
