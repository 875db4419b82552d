//! What leaves the service as a message: templates of WeChat, robots of 企业微信.

use std::collections::{BTreeMap, BTreeSet};

use domain::message::{FieldKey, MessageKind, QuietHours, ValueType};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sms::SmsGateway;

/// The most fields that a template may have; WeChat's own ones have two to five.
const MOST_FIELDS: usize = 10;
/// What a page may be filled with.
const PAGE_FIELDS: &[&str] = &["{case_id}", "{message_id}"];

/// Messages outside the app.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "defaults.toml describes every key")]
pub struct Messages {
    pub quiet_from_hour: u32,
    pub quiet_until_hour: u32,
    pub parallel: usize,
    pub unknown_wait_s: u32,
    pub miniprogram_state: MiniProgramState,
    pub templates: BTreeMap<String, Template>,
    pub robots: Vec<Robot>,
    pub sms: Option<SmsGateway>,
}

/// Which version of the mini-program a message opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MiniProgramState {
    /// The one that is being developed.
    Developer,
    /// The one on trial.
    Trial,
    /// The one that everybody has.
    Formal,
}

impl MiniProgramState {
    /// WeChat's word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Trial => "trial",
            Self::Formal => "formal",
        }
    }
}

/// How long an agreement lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = SubscriptionTerm)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// For one message.
    Once,
    /// Until it is taken back.
    Long,
}

/// A subscription template, as it stands in WeChat's console.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// `priTmplId`.
    pub id: String,
    /// Once or long-term.
    pub term: Term,
    /// The name of every field, and what stands in it.
    pub fields: BTreeMap<String, Source>,
    /// The page that opens; empty for none.
    #[serde(default)]
    pub page: String,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Source {
    /// The number of the case.
    Number,
    /// What happened, in a few characters.
    Title,
    /// What happened, in a sentence.
    Text,
    /// Station or studio.
    Station,
    /// The member, or the station where there is none.
    Handler,
    /// The department.
    Department,
    /// When it happened; for a reception day or shift, when that begins.
    At,
    /// Always the same words.
    Fixed(String),
}

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        Ok(match word.as_str() {
            "number" => Self::Number,
            "title" => Self::Title,
            "text" => Self::Text,
            "station" => Self::Station,
            "handler" => Self::Handler,
            "department" => Self::Department,
            "at" => Self::At,
            other => match other.strip_prefix('=') {
                Some(fixed) if !fixed.trim().is_empty() => Self::Fixed(fixed.to_owned()),
                _ => {
                    return Err(format!(
                        "`{}` is none of number, title, text, station, handler, department, at, =WORDS",
                        other.chars().take(40).collect::<String>()
                    ));
                }
            },
        })
    }
}

/// A robot in a group of 企业微信.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Robot {
    /// The station or committee whose staff is told there.
    pub scope: Uuid,
    /// The webhook, with its key.
    pub url: SecretString,
}

impl Messages {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        super::sections::range("messages.quiet_from_hour", self.quiet_from_hour, 0..=23, problems);
        super::sections::range("messages.quiet_until_hour", self.quiet_until_hour, 0..=23, problems);
        super::sections::range("messages.parallel", self.parallel, 1..=200, problems);
        super::sections::range("messages.unknown_wait_s", self.unknown_wait_s, 60..=86_400, problems);
        for (word, template) in &self.templates {
            if word.parse::<MessageKind>().is_err() {
                let known: Vec<&str> = MessageKind::ALL.iter().map(|kind| kind.as_str()).collect();
                let known = known.join(", ");
                problems.push(format!("messages.templates.{word}: there is no such kind; there are {known}"));
            }
            template.check(&format!("messages.templates.{word}"), problems);
        }
        self.check_terms(problems);
        self.check_robots(problems);
        if let Some(sms) = &self.sms {
            sms.check(problems);
        }
    }

    /// One template has one term: people agree to it once or for good.
    fn check_terms(&self, problems: &mut Vec<String>) {
        for (word, template) in &self.templates {
            let differs = |other: &Template| other.id == template.id && other.term != template.term;
            if self.templates.values().any(differs) {
                problems.push(format!(
                    "messages.templates.{word}.term: another kind has this id with another term"
                ));
            }
        }
    }

    fn check_robots(&self, problems: &mut Vec<String>) {
        let mut scopes = BTreeSet::new();
        for robot in &self.robots {
            let key = format!("messages.robots of {}", robot.scope);
            if !scopes.insert(robot.scope) {
                problems.push(format!("{key}: it stands twice"));
            }
            check_url(&format!("{key}: url"), robot.url.expose_secret(), problems);
        }
    }

    /// The template of a kind of message, if one is configured.
    #[must_use]
    pub fn template(&self, kind: MessageKind) -> Option<&Template> {
        self.templates.get(kind.as_str())
    }

    /// The template with this id.
    #[must_use]
    pub fn template_by_id(&self, id: &str) -> Option<&Template> {
        self.templates.values().find(|template| template.id == id)
    }

    /// The webhook for the staff of a station or committee.
    #[must_use]
    pub fn robot(&self, scope: Uuid) -> Option<&Robot> {
        self.robots.iter().find(|robot| robot.scope == scope)
    }

    /// Whether staff are told of this by text message, too.
    #[must_use]
    pub fn has_sms(&self, kind: MessageKind) -> bool {
        self.sms.as_ref().is_some_and(|sms| sms.kinds.contains(&kind))
    }

    /// When nobody is disturbed.
    #[must_use]
    pub fn quiet_hours(&self) -> QuietHours {
        QuietHours { from: self.quiet_from_hour, until: self.quiet_until_hour }
    }
}

impl Template {
    fn check(&self, key: &str, problems: &mut Vec<String>) {
        let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !(1..=64).contains(&self.id.len()) || !self.id.chars().all(is_id) {
            problems.push(format!("{key}.id must be 1 to 64 letters, digits, - and _"));
        }
        if self.fields.is_empty() || self.fields.len() > MOST_FIELDS {
            problems.push(format!("{key}.fields must be 1 to {MOST_FIELDS}"));
        }
        for (name, source) in &self.fields {
            let Some(field) = FieldKey::parse(name) else {
                problems.push(format!(
                    "{key}.fields.{name}: it must be a type of WeChat's and a number, as thing1"
                ));
                continue;
            };
            let is_fixed = matches!(source, Source::Fixed(_));
            if field.kind() == ValueType::Enum && !is_fixed {
                problems.push(format!(
                    "{key}.fields.{name}: give one of the template's own words, as \"=已受理\""
                ));
            }
            if matches!(field.kind(), ValueType::Time | ValueType::Date) && *source != Source::At {
                problems.push(format!("{key}.fields.{name}: a time or date comes from \"at\""));
            }
        }
        self.check_page(key, problems);
    }

    fn check_page(&self, key: &str, problems: &mut Vec<String>) {
        let filled = PAGE_FIELDS.iter().fold(self.page.clone(), |page, field| page.replace(field, ""));
        if self.page.starts_with('/') || self.page.len() > 1024 || filled.contains(['{', '}']) {
            let fields = PAGE_FIELDS.join(", ");
            problems
                .push(format!("{key}.page: no slash in front, at most 1024 bytes, no braces but {fields}"));
        }
    }
}

pub(super) fn check_url(key: &str, url: &str, problems: &mut Vec<String>) {
    let usable =
        url.parse::<Url>().is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !usable {
        problems.push(format!("{key} must begin with https://"));
    }
}

#[cfg(test)]
mod tests {
    use figment::Figment;
    use figment::providers::{Format, Toml};

    use super::*;

    fn problems(toml: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let layers = [Toml::string(crate::config::DEFAULTS), Toml::string(toml)];
        let figment = layers.into_iter().fold(Figment::new(), Figment::merge);
        match figment.extract_inner::<Messages>("messages") {
            Ok(messages) => messages.check(&mut problems),
            Err(error) => problems.push(error.to_string()),
        }
        problems
    }

    #[test]
    fn nothing_is_configured_by_default_and_that_is_fine() {
        assert_eq!(problems(""), Vec::<String>::new());
    }

    #[test]
    fn a_whole_template_is_taken() {
        let good = r#"
            [messages.templates.answered]
            id = "tmpl-answered_1"
            term = "once"
            page = "pages/case/detail?id={case_id}"
            fields = { character_string1 = "number", thing2 = "title", time3 = "at", enum_string4 = "=已答复" }
        "#;
        assert_eq!(problems(good), Vec::<String>::new());
    }

    #[test]
    fn every_faulty_key_is_named() {
        let bad = r#"
            [messages]
            quiet_from_hour = 24
            robots = [{ scope = "00000000-0000-7000-8000-000000000001", url = "ftp://x" }]
            sms = { url = "ftp://x", secret = "short", kinds = ["answered"] }
            [messages.templates.answred]
            id = "with space"
            term = "once"
            page = "/pages/{secret}"
            fields = { thing = "number", time2 = "number", enum_string3 = "title" }
        "#;
        let found = problems(bad).join("\n");
        for key in [
            "quiet_from_hour",
            "robots of 00000000",
            "sms.url",
            "sms.secret",
            "sms.kinds",
            "templates.answred:",
            "answred.id",
            "answred.page",
            "fields.thing:",
            "fields.time2",
            "fields.enum_string3",
        ] {
            assert!(found.contains(key), "{key} is not named in:\n{found}");
        }
        let unknown = problems(
            "[messages.templates.answered]\nid = \"a\"\nterm = \"once\"\nfields = { thing1 = \"nmber\" }",
        );
        assert!(unknown[0].contains("nmber") && unknown[0].contains("answered"), "{unknown:?}");
    }
}
