//! Which templates the mini-program asks somebody for, by what he is doing: `wx.requestSubscribeMessage` wants
//! their ids at hand before the tap, three at most, and one-time and long-term ones never together.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use domain::message::MessageKind;
use domain::role::Role;
use domain::vocabulary::SubscriptionHint;
use entity::subscription;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::config::Term;
use crate::service::idempotency::{self, IdempotencyError};
use crate::state::Parts;
use crate::store::subscriptions::Key;
use crate::store::{self, StoreError};

/// What old clients take in one popup.
const MOST: usize = 3;
/// With so many agreements left, others are asked for first.
const PLENTY: i32 = 5;

/// What somebody is doing when he is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    /// Reporting, or following a case of his.
    Report,
    /// Booking a reception day.
    Booking,
    /// Working on cases.
    Work,
}

impl Situation {
    /// Every word, with what it means.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("report", Self::Report), ("booking", Self::Booking), ("work", Self::Work)];

    /// Reads a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, situation)| *situation)
    }

    /// The kinds of messages that matter then, the most important first.
    fn kinds(self, caller: &Caller) -> &'static [MessageKind] {
        use MessageKind as K;
        match self {
            Self::Report => {
                &[K::Answered, K::AskedBack, K::Progress, K::ConfirmReminder, K::Ended, K::Received]
            }
            Self::Booking => &[K::Reception],
            Self::Work if caller.scopes(Role::Member).next().is_some() => {
                &[K::NewCase, K::Overdue, K::CaseNews, K::Shift, K::Dispatched]
            }
            Self::Work if caller.scopes(Role::StationManager).next().is_some() => {
                &[K::NewCase, K::Overdue, K::CaseNews, K::Dispatched]
            }
            Self::Work if caller.scopes(Role::DepartmentOfficer).next().is_some() => {
                &[K::Dispatched, K::Overdue]
            }
            Self::Work if caller.scopes(Role::CommitteeAdmin).next().is_some() => &[K::Overdue],
            Self::Work => &[],
        }
    }
}

/// A template to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubscriptionOffer {
    /// For `wx.requestSubscribeMessage`.
    pub template_id: String,
    /// Which messages come by it.
    #[schema(value_type = Vec<String>)]
    pub kinds: Vec<MessageKind>,
    /// What to call them.
    pub label: String,
    /// How long one agreement lasts.
    pub term: Term,
    /// How many messages may still be sent, as far as WeChat has told.
    pub credit: i32,
    /// What the mini-program told last of the popup.
    #[schema(value_type = Option<String>)]
    pub last_answer: Option<SubscriptionHint>,
}

/// The templates to ask for now, at most three; none for somebody without WeChat.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    situation: Option<Situation>,
) -> Result<Vec<SubscriptionOffer>, StoreError> {
    let config = &state.config.messages;
    if config.templates.is_empty() {
        return Ok(Vec::new());
    }
    let Some((appid, openid)) = user_of(state, caller).await? else { return Ok(Vec::new()) };
    let rows = store::subscriptions::list_of_user(state.db.reader(), appid, &openid).await?;
    let known: HashMap<&str, &subscription::Model> =
        rows.iter().map(|row| (row.template_id.as_str(), row)).collect();
    let usual = if caller.bindings.is_empty() { Situation::Report } else { Situation::Work };
    let mut offers: Vec<SubscriptionOffer> = Vec::new();
    for kind in situation.unwrap_or(usual).kinds(caller) {
        let Some(template) = config.template(*kind) else { continue };
        if let Some(offer) = offers.iter_mut().find(|offer| offer.template_id == template.id) {
            offer.kinds.push(*kind);
            continue;
        }
        let row = known.get(template.id.as_str());
        offers.push(SubscriptionOffer {
            template_id: template.id.clone(),
            kinds: vec![*kind],
            label: kind.label().to_owned(),
            term: template.term,
            credit: row.map_or(0, |row| row.credit),
            last_answer: row.and_then(|row| row.hint),
        });
    }
    Ok(for_one_popup(offers))
}

/// Those that are needed most, all of one term.
fn for_one_popup(offers: Vec<SubscriptionOffer>) -> Vec<SubscriptionOffer> {
    let is_settled = |offer: &SubscriptionOffer| offer.term == Term::Long && offer.credit > 0;
    let (plenty, needed): (Vec<_>, Vec<_>) =
        offers.into_iter().filter(|offer| !is_settled(offer)).partition(|offer| offer.credit >= PLENTY);
    let ordered: Vec<SubscriptionOffer> = needed.into_iter().chain(plenty).collect();
    let Some(term) = ordered.first().map(|offer| offer.term) else { return Vec::new() };
    ordered.into_iter().filter(|offer| offer.term == term).take(MOST).collect()
}

/// What somebody has agreed to by one template, for his export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Subscription {
    /// The mini-program.
    pub appid: String,
    /// The template.
    pub template_id: String,
    /// How many messages may still be sent, as far as is known.
    pub credit: i32,
    /// When he has taken it back.
    pub refused_at: Option<DateTime<Utc>>,
    /// What the mini-program told last of the popup.
    #[schema(value_type = Option<String>)]
    pub last_answer: Option<SubscriptionHint>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

impl From<subscription::Model> for Subscription {
    fn from(row: subscription::Model) -> Self {
        let subscription::Model { appid, template_id, credit, refused_at, hint, updated_at, .. } = row;
        Self { appid, template_id, credit, refused_at, last_answer: hint, updated_at }
    }
}

/// All that an account has agreed to, in every mini-program.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_account(state: &Parts, id: AccountId) -> Result<Vec<Subscription>, StoreError> {
    let db = state.db.reader();
    let mut subscriptions = Vec::new();
    for identity in store::accounts::list_identities(db, id).await? {
        let rows = store::subscriptions::list_of_user(db, &identity.appid, &identity.openid).await?;
        subscriptions.extend(rows.into_iter().map(Subscription::from));
    }
    Ok(subscriptions)
}

/// Why the popup's answers were not noted.
#[derive(Debug, thiserror::Error)]
pub enum TellError {
    /// The caller does not use WeChat.
    #[error("the caller does not use WeChat")]
    NoUser,
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Notes what the mini-program tells of the popup. It is a hint: credits are counted by WeChat's own word.
///
/// # Errors
/// See [`TellError`].
pub async fn tell(
    state: &Parts,
    caller: &Caller,
    answers: &[(String, SubscriptionHint)],
    request: Option<&idempotency::Request>,
) -> Result<(), TellError> {
    let (appid, openid) = user_of(state, caller).await?.ok_or(TellError::NoUser)?;
    idempotency::once(state, request, idempotency::NO_CONTENT, async |tx| {
        for (template_id, answer) in answers {
            let (appid, openid) = (appid.to_owned(), openid.clone());
            let key = Key { appid, openid, template_id: template_id.clone() };
            store::subscriptions::hint(tx, &key, *answer, state.clock.now()).await?;
        }
        Ok(())
    })
    .await
}

async fn user_of<'a>(state: &'a Parts, caller: &Caller) -> Result<Option<(&'a str, String)>, StoreError> {
    let Ok(client) = state.wechat.main() else { return Ok(None) };
    let appid = client.appid();
    let openid = store::accounts::find_openid(state.db.reader(), appid, caller.account_id).await?;
    Ok(openid.map(|openid| (appid, openid)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(id: &str, term: Term, credit: i32) -> SubscriptionOffer {
        SubscriptionOffer {
            template_id: id.to_owned(),
            kinds: Vec::new(),
            label: String::new(),
            term,
            credit,
            last_answer: None,
        }
    }

    fn ids(offers: Vec<SubscriptionOffer>) -> Vec<String> {
        for_one_popup(offers).into_iter().map(|offer| offer.template_id).collect()
    }

    #[test]
    fn a_popup_asks_for_three_of_one_term_and_for_what_is_scarce_first() {
        use Term::{Long, Once};
        let many = ["a", "b", "c", "d"].map(|id| offer(id, Once, 0));
        assert_eq!(ids(many.to_vec()), ["a", "b", "c"]);
        let rich = vec![offer("a", Once, 9), offer("b", Once, 0), offer("c", Long, 0)];
        assert_eq!(ids(rich), ["b", "a"]);
        let settled = vec![offer("a", Long, 1), offer("b", Once, 0)];
        assert_eq!(ids(settled), ["b"]);
        assert_eq!(ids(vec![offer("a", Long, 0), offer("b", Once, 0), offer("c", Long, 0)]), ["a", "c"]);
    }
}
