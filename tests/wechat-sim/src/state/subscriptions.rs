//! Who has agreed to what, which messages arrived, and the events that WeChat pushes about both.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::templates::SubscribeTemplate;
use crate::wire::Refusal;

/// Messages and events that are kept.
const KEPT: usize = 100_000;

/// What one user has agreed to for one template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Agreement {
    once: u32,
    long: bool,
}

/// A message that has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArrivedMessage {
    /// When.
    pub at: DateTime<Utc>,
    /// To whom.
    pub openid: String,
    /// By which template.
    pub template_id: String,
    /// The template's title.
    pub title: String,
    /// The page that opens.
    pub page: Option<String>,
    /// The values by their keys.
    pub data: BTreeMap<String, String>,
    /// WeChat's name for it.
    pub msg_id: u64,
}

/// What WeChat tells the mini-program's server of one template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum SubscribeEvent {
    /// `subscribe_msg_popup_event`: an answer in the popup.
    Popup {
        /// Whose.
        openid: String,
        /// The template, and whether it was accepted.
        answers: Vec<(String, bool)>,
    },
    /// `subscribe_msg_change_event`: a no in the settings.
    Change {
        /// Whose.
        openid: String,
        /// The template.
        template_id: String,
    },
    /// `subscribe_msg_sent_event`: a message was delivered.
    Sent {
        /// To whom.
        openid: String,
        /// By which template.
        template_id: String,
        /// WeChat's name for it.
        msg_id: u64,
    },
}

/// The subscriptions of all users.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    templates: Vec<SubscribeTemplate>,
    agreements: HashMap<(String, String), Agreement>,
    arrived: VecDeque<ArrivedMessage>,
    events: VecDeque<SubscribeEvent>,
    in_flight: HashMap<String, u32>,
    msg_ids: u64,
}

impl Subscriptions {
    pub(crate) fn with(templates: Vec<SubscribeTemplate>) -> Self {
        Self { templates, ..Self::default() }
    }

    pub(crate) fn templates(&self) -> &[SubscribeTemplate] {
        &self.templates
    }

    pub(crate) fn set_templates(&mut self, templates: Vec<SubscribeTemplate>) {
        self.templates = templates;
    }

    pub(crate) fn template(&self, id: &str) -> Option<&SubscribeTemplate> {
        self.templates.iter().find(|template| template.pri_tmpl_id == id)
    }

    /// The popup's answers of one user.
    pub(crate) fn answer(&mut self, openid: &str, answers: &[(String, bool)]) {
        for (template_id, accepted) in answers {
            let is_long = self.template(template_id).is_some_and(SubscribeTemplate::is_long_term);
            let key = (openid.to_owned(), template_id.clone());
            let agreement = self.agreements.entry(key).or_default();
            match (accepted, is_long) {
                (true, true) => agreement.long = true,
                (true, false) => agreement.once += 1,
                (false, _) => {}
            }
        }
        self.tell(SubscribeEvent::Popup { openid: openid.to_owned(), answers: answers.to_vec() });
    }

    /// A no in the settings: everything that was agreed to is void.
    pub(crate) fn withdraw(&mut self, openid: &str, template_id: &str) {
        self.agreements.remove(&(openid.to_owned(), template_id.to_owned()));
        let (openid, template_id) = (openid.to_owned(), template_id.to_owned());
        self.tell(SubscribeEvent::Change { openid, template_id });
    }

    /// How many messages the user still takes by this template; a long-term agreement counts as one.
    pub(crate) fn credit(&self, openid: &str, template_id: &str) -> u32 {
        let agreement = self.agreements.get(&(openid.to_owned(), template_id.to_owned()));
        agreement.map_or(0, |agreement| agreement.once.max(u32::from(agreement.long)))
    }

    /// All credits that are left, of one-time templates.
    pub(crate) fn credits(&self) -> u64 {
        self.agreements.values().map(|agreement| u64::from(agreement.once)).sum()
    }

    /// Notes that a send to this user has begun.
    pub(crate) fn begin(&mut self, openid: &str) {
        *self.in_flight.entry(openid.to_owned()).or_default() += 1;
    }

    /// Notes that it has been answered.
    pub(crate) fn end(&mut self, openid: &str) {
        if let Some(sends) = self.in_flight.get_mut(openid) {
            *sends -= 1;
            if *sends == 0 {
                self.in_flight.remove(openid);
            }
        }
    }

    /// Spends a credit and delivers the message: 43101 without one, 43108 while another one is under way.
    pub(crate) fn deliver(&mut self, message: ArrivedMessage) -> Result<u64, Refusal> {
        if self.credit(&message.openid, &message.template_id) == 0 {
            return Err(Refusal::new(43101));
        }
        if self.in_flight.get(&message.openid).is_some_and(|sends| *sends > 1) {
            return Err(Refusal::saying(43108, "concurrent send messages to the same user"));
        }
        let (openid, template_id) = (message.openid.clone(), message.template_id.clone());
        if let Some(agreement) = self.agreements.get_mut(&(openid.clone(), template_id.clone())) {
            agreement.once = agreement.once.saturating_sub(u32::from(!agreement.long));
        }
        self.msg_ids += 1;
        // Beyond what a double holds exactly, as the real ones are.
        let msg_id = 3_248_682_510_344_192_000 + self.msg_ids;
        push(&mut self.arrived, ArrivedMessage { msg_id, ..message });
        self.tell(SubscribeEvent::Sent { openid, template_id, msg_id });
        Ok(msg_id)
    }

    pub(crate) fn arrived(&self) -> Vec<ArrivedMessage> {
        self.arrived.iter().cloned().collect()
    }

    pub(crate) fn count_arrived(&self) -> usize {
        self.arrived.len()
    }

    fn tell(&mut self, event: SubscribeEvent) {
        push(&mut self.events, event);
    }

    pub(crate) fn take_events(&mut self) -> Vec<SubscribeEvent> {
        self.events.drain(..).collect()
    }
}

fn push<T>(kept: &mut VecDeque<T>, new: T) {
    if kept.len() == KEPT {
        kept.pop_front();
    }
    kept.push_back(new);
}
