//! The part of the hand on the simulator that is about subscription messages.

use crate::handle::{DriverError, SimHandle};
use crate::state::groups::Said;
use crate::state::subscriptions::{ArrivedMessage, SubscribeEvent};
use crate::state::templates::SubscribeTemplate;

/// The most templates that one popup asks for.
const MOST_IN_POPUP: usize = 5;

impl SimHandle {
    /// The templates that the mini-program has chosen.
    #[must_use]
    pub fn templates(&self) -> Vec<SubscribeTemplate> {
        self.world().subscriptions.templates().to_vec()
    }

    /// Puts these templates in place of all others.
    pub fn set_templates(&self, templates: Vec<SubscribeTemplate>) {
        self.world().subscriptions.set_templates(templates);
    }

    /// The user answers the popup of `wx.requestSubscribeMessage`: each template with yes or no.
    ///
    /// # Errors
    /// No such user or template, too many of them, or one-time and long-term ones in one popup.
    pub fn subscribe(&self, user: &str, answers: &[(String, bool)]) -> Result<(), DriverError> {
        let openid = self.user(user)?.openid;
        let mut world = self.world();
        let mut kinds = Vec::new();
        for (id, _) in answers {
            let template = world.subscriptions.template(id);
            let template = template.ok_or_else(|| DriverError::NoSuchTemplate(id.clone()))?;
            kinds.push(template.kind);
        }
        if answers.is_empty() || answers.len() > MOST_IN_POPUP {
            return Err(DriverError::Popup(format!(
                "20003: {} templates; 1 to {MOST_IN_POPUP}",
                answers.len()
            )));
        }
        if kinds.iter().any(|kind| Some(kind) != kinds.first()) {
            return Err(DriverError::Popup("20002: one-time and long-term templates are mixed".to_owned()));
        }
        world.subscriptions.answer(&openid, answers);
        Ok(())
    }

    /// The user says yes to these templates, in as many popups as it takes.
    ///
    /// # Errors
    /// No such user or template.
    pub fn accept(&self, user: &str, templates: &[&str]) -> Result<(), DriverError> {
        for id in templates {
            self.subscribe(user, &[((*id).to_owned(), true)])?;
        }
        Ok(())
    }

    /// The user takes an agreement back in the settings.
    ///
    /// # Errors
    /// No such user or template.
    pub fn unsubscribe(&self, user: &str, template_id: &str) -> Result<(), DriverError> {
        let openid = self.user(user)?.openid;
        let mut world = self.world();
        if world.subscriptions.template(template_id).is_none() {
            return Err(DriverError::NoSuchTemplate(template_id.to_owned()));
        }
        world.subscriptions.withdraw(&openid, template_id);
        Ok(())
    }

    /// How many messages the user still takes by this template.
    ///
    /// # Errors
    /// No such user.
    pub fn credit(&self, user: &str, template_id: &str) -> Result<u32, DriverError> {
        let openid = self.user(user)?.openid;
        Ok(self.world().subscriptions.credit(&openid, template_id))
    }

    /// The credits of all users for one-time templates together.
    #[must_use]
    pub fn credits(&self) -> u64 {
        self.world().subscriptions.credits()
    }

    /// The messages that have arrived, oldest first; the last hundred thousand.
    #[must_use]
    pub fn arrived(&self) -> Vec<ArrivedMessage> {
        self.world().subscriptions.arrived()
    }

    /// How many messages have arrived.
    #[must_use]
    pub fn count_arrived(&self) -> usize {
        self.world().subscriptions.count_arrived()
    }

    /// What a user has received, oldest first.
    ///
    /// # Errors
    /// No such user.
    pub fn arrived_at(&self, user: &str) -> Result<Vec<ArrivedMessage>, DriverError> {
        let openid = self.user(user)?.openid;
        Ok(self.arrived().into_iter().filter(|message| message.openid == openid).collect())
    }

    /// What robots have said in their groups, oldest first.
    #[must_use]
    pub fn said(&self) -> Vec<Said> {
        self.world().groups.list()
    }

    /// The events about subscriptions and messages since the last call: what WeChat pushes.
    #[must_use]
    pub fn take_subscribe_events(&self) -> Vec<SubscribeEvent> {
        self.world().subscriptions.take_events()
    }
}
