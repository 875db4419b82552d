//! What can go wrong with WeChat, and what each of its numbers asks of us.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::policy::UNANSWERED_PAUSE;
use super::words::fit_for_logs;

/// A failed call. Cheap to clone: all who waited for one call get its failure.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WeChatError {
    /// No mini-program is configured.
    #[error("wechat.appid is not configured")]
    NotConfigured,
    /// This mini-program is none of ours.
    #[error("no mini-program `{appid}` is configured")]
    UnknownApp {
        /// The mini-program.
        appid: String,
    },
    /// We would call more often than WeChat allows, and the turn would come too late. WeChat was not
    /// asked.
    #[error("{api} is called as often as WeChat allows; the next turn is in {} ms", retry_after.as_millis())]
    Limited {
        /// The path of the API.
        api: &'static str,
        /// When there is room again.
        retry_after: Duration,
    },
    /// No answer in time; WeChat may have done the work.
    #[error("WeChat did not answer in time")]
    Timeout,
    /// The connection failed; WeChat may have done the work.
    #[error("WeChat could not be reached")]
    Transport(#[source] Arc<reqwest::Error>),
    /// The answer is none of WeChat's. Its content stays out of the log: it may hold a secret.
    #[error("WeChat answered {status} with {bytes} bytes of `{content_type}` that can't be read: {problem}")]
    BadBody {
        /// The HTTP status.
        status: u16,
        /// The type that it claims to be.
        content_type: String,
        /// Its length.
        bytes: usize,
        /// What is wrong.
        problem: String,
    },
    /// The phone number was shared with another app, or is none.
    #[error("WeChat gave a phone number that can't be used")]
    UnusablePhone,
    /// WeChat refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A refusal by WeChat, as it came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("WeChat refused with {code}: {message}")]
pub struct Refusal {
    /// The number: the only part that may be decided on.
    pub code: i64,
    /// The words, which change at WeChat's will, without what looks like a secret.
    pub message: String,
    /// The id to ask WeChat about the call by, for seven days.
    pub rid: Option<String>,
}

/// What a refusal asks of the one who called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Try again after this long, unless the call carries a one-time code.
    Retry(Duration),
    /// Get a new access token and replay once.
    RefreshToken,
    /// A regular outcome of the business.
    Business,
    /// WeChat does not take this code, user, text or picture; another may do.
    Refused,
    /// The day's quota is used up, until midnight in Beijing.
    Quota,
    /// Somebody must change a setting here or in WeChat's console.
    Operator,
    /// We called wrongly.
    Bug,
}

/// Every number that WeChat is known to answer with, by what it asks of us. A number that is not
/// here counts as [`Class::Refused`].
const CLASSES: &[(&[i64], Class)] = &[
    // The system is busy.
    (&[-1], Class::Retry(Duration::from_millis(500))),
    // Sends to one user at the same time.
    (&[43108], Class::Retry(Duration::from_secs(3))),
    // Limits of a second and of a minute.
    (&[44990], Class::Retry(Duration::from_secs(1))),
    (&[44991, 45011], Class::Retry(Duration::from_secs(60))),
    // The access token is not the latest, malformed, too old.
    (&[40001, 40014, 42001], Class::RefreshToken),
    // No credit for a message; not seen for two hours; a stale session key; risky content.
    (&[43101, 61010, 87007, 87009, 87014], Class::Business),
    // A foreign openid; a code that is wrong, used or blocked; a sensitive word; a link; a repetition.
    (&[40003, 40029, 40163, 40226, 43104, 45168, 85403, 87020], Class::Refused),
    // Quotas of a day.
    (&[44993, 45009, 85406], Class::Quota),
    // Appid, secret, template, addresses allowed, abilities, bans, rules of links.
    (&[40013, 40037, 40125, 40164, 40243, 43107, 48001, 50002, 50004, 50007], Class::Operator),
    (&[85074, 85075, 85079, 85088, 85407, 85408, 89503, 89506, 89507], Class::Operator),
    // Something missing, misspelt or too long in what we sent.
    (&[40002, 40097, 40129, 40159, 40165, 40169, 40212, 41001, 41002, 41004, 41008], Class::Bug),
    (&[41030, 43002, 44002, 45029, 47001, 47003, 85096, 85401, 85402, 87008], Class::Bug),
];

impl Refusal {
    /// WeChat's way to say that the user is too risky to log in.
    const CODE_BLOCKED: i64 = 40226;
    /// Our address is not on the list that the console keeps.
    const ADDRESS_NOT_ALLOWED: i64 = 40164;

    /// A refusal, with the id of the call parsed out of its words.
    #[must_use]
    pub fn new(code: i64, message: impl AsRef<str>) -> Self {
        let rid = rid_in(message.as_ref());
        let message = fit_for_logs(message.as_ref(), rid);
        Self { code, rid: rid.map(str::to_owned), message }
    }

    /// Whether the number stands in the table.
    pub(super) fn is_known(code: i64) -> bool {
        CLASSES.iter().any(|(codes, _)| codes.contains(&code))
    }

    /// The address that WeChat saw us come from, where it refuses that: the operator has to allow it.
    #[must_use]
    pub fn refused_address(&self) -> Option<IpAddr> {
        let told = (self.code == Self::ADDRESS_NOT_ALLOWED).then_some(self.message.as_str())?;
        told.strip_prefix("invalid ip ")?.split([' ', ',']).next()?.parse().ok()
    }

    /// What it asks of us.
    #[must_use]
    pub fn class(&self) -> Class {
        let row = CLASSES.iter().find(|(codes, _)| codes.contains(&self.code));
        row.map_or(Class::Refused, |(_, class)| *class)
    }

    /// Whether the user may not log in at all.
    #[must_use]
    pub fn blocks_user(&self) -> bool {
        self.code == Self::CODE_BLOCKED
    }
}

/// The `rid: xxxxxxxx-xxxxxxxx-xxxxxxxx` in a message: three groups of eight hex digits.
fn rid_in(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("rid: ")?;
    let rid = rest.get(..26)?;
    let groups = rid.split('-').filter(|group| {
        group.len() == 8 && group.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    });
    (groups.count() == 3).then_some(rid)
}

impl WeChatError {
    /// The failure of the HTTP client, without the URL: it carries secrets.
    pub(super) fn from_reqwest(error: reqwest::Error) -> Self {
        // A connection that did not come about in time carried nothing: that is no lost answer.
        if error.is_timeout() && !error.is_connect() {
            Self::Timeout
        } else {
            Self::Transport(Arc::new(error.without_url()))
        }
    }

    /// WeChat's refusal, if it was one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::NotConfigured
            | Self::UnknownApp { .. }
            | Self::Limited { .. }
            | Self::Timeout
            | Self::Transport(_)
            | Self::BadBody { .. }
            | Self::UnusablePhone => None,
        }
    }

    /// What it asks of us. Without an answer, a call may be made again unless [`Self::may_have_worked`]
    /// forbids it.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::NotConfigured | Self::UnknownApp { .. } => Class::Operator,
            Self::Limited { retry_after, .. } => Class::Retry(*retry_after),
            Self::Timeout | Self::Transport(_) | Self::BadBody { .. } => Class::Retry(UNANSWERED_PAUSE),
            Self::UnusablePhone => Class::Refused,
            Self::Refused(refusal) => refusal.class(),
        }
    }

    /// Whether WeChat may have done what it was asked for, though we got no answer that says so.
    #[must_use]
    pub fn may_have_worked(&self) -> bool {
        match self {
            Self::Timeout | Self::BadBody { .. } => true,
            Self::Transport(error) => !error.is_connect(),
            Self::NotConfigured
            | Self::UnknownApp { .. }
            | Self::Limited { .. }
            | Self::UnusablePhone
            | Self::Refused(_) => false,
        }
    }

    /// Whether it refused the access token.
    pub(super) fn is_stale_token(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.class() == Class::RefreshToken)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_number_stands_in_two_rows() {
        let all: Vec<i64> = CLASSES.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn the_number_decides_and_an_unknown_one_is_a_refusal() {
        assert_eq!(Refusal::new(40001, "whatever").class(), Class::RefreshToken);
        assert_eq!(Refusal::new(40163, "code been used").class(), Class::Refused);
        assert_eq!(Refusal::new(99_999, "something new").class(), Class::Refused);
        assert!(Refusal::new(40226, "code blocked").blocks_user());
    }

    #[test]
    fn the_address_that_is_not_allowed_is_told() {
        let told = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 66bdb248-3c7ac0a1-1f2e3d4c";
        assert_eq!(Refusal::new(40164, told).refused_address(), "203.0.113.7".parse().ok());
        assert_eq!(Refusal::new(40164, "something else").refused_address(), None);
        assert_eq!(Refusal::new(40001, told).refused_address(), None);
    }

    #[test]
    fn the_id_of_the_call_is_found_in_every_way_wechat_writes_it() {
        let rid = "66bdb248-3c7ac0a1-1f2e3d4c";
        for message in [
            format!("invalid code, rid: {rid}"),
            format!("system error rid: {rid}"),
            format!("invalid code hint: [abc] rid: {rid} and more"),
        ] {
            assert_eq!(Refusal::new(40029, message).rid.as_deref(), Some(rid));
        }
        for message in ["ok", "rid: short", "rid: 66bdb248-3c7ac0a1-1f2e3d4Z", "rid: 灯灯灯灯灯灯灯灯灯"]
        {
            assert_eq!(Refusal::new(40029, message).rid, None, "{message}");
        }
    }
}
