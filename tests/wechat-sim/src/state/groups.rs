//! What robots have said in their groups.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::wire::Refusal;

/// What a robot may say in a minute.
const A_MINUTE: usize = 20;
/// What is kept.
const KEPT: usize = 10_000;

/// Something that a robot said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// When.
    pub at: DateTime<Utc>,
    /// In which group: the key of its webhook.
    pub key: String,
    /// What.
    pub text: String,
}

/// All groups.
#[derive(Debug, Default)]
pub(crate) struct Groups(Vec<Said>);

impl Groups {
    /// Says it: 45009 after twenty times in a minute.
    pub(crate) fn say(&mut self, key: &str, text: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let lately = self.0.iter().rev().take_while(|said| now - said.at < TimeDelta::minutes(1));
        if lately.filter(|said| said.key == key).count() >= A_MINUTE {
            return Err(Refusal::saying(45009, "api freq out of limit"));
        }
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(Said { at: now, key: key.to_owned(), text: text.to_owned() });
        Ok(())
    }

    pub(crate) fn list(&self) -> Vec<Said> {
        self.0.clone()
    }
}
