//! What each API of WeChat's allows, and what we do when a call of it fails: one table for all calls.
//!
//! To call one more API: its row here, and an `impl WeChat` block in a file of its own beside this one
//! that calls `WeChat::post` or `WeChat::get` with the path.

use std::time::Duration;

use super::error::{Class, WeChatError};

/// How often a call is made before it is given up.
pub(super) const MOST_TRIES: u32 = 3;
/// The pause before a call that was not answered is made again, if it may be.
pub(super) const UNANSWERED_PAUSE: Duration = Duration::from_millis(500);

/// When a failed call may be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Never: it carries a code that is good once, and the answer that got lost may have used it up.
    Never,
    /// When WeChat says that it did nothing, or was never reached; never when an answer got lost,
    /// since the message may have been sent.
    Undone,
    /// Whenever it may help: the call asks for something, or the second time changes nothing.
    Always,
}

/// How long one try may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// As `wechat.timeout_ms` says.
    Usual,
    /// As `wechat.picture_timeout_ms` says: WeChat draws while we wait.
    Picture,
}

/// One API.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Api {
    /// The path; the label of its metrics too.
    pub(super) path: &'static str,
    /// Calls of one mini-program a minute, as WeChat's documentation has it.
    pub(super) per_minute: Option<u32>,
    /// How long one try may take.
    pub(super) wait: Wait,
    /// When it is tried again.
    pub(super) repeat: Repeat,
}

const fn api(path: &'static str, per_minute: Option<u32>, wait: Wait, repeat: Repeat) -> Api {
    Api { path, per_minute, wait, repeat }
}

/// The APIs that are called. The daily quotas are not here: WeChat counts them for all processes.
pub(super) const APIS: &[Api] = &[
    // In its normal mode it gives the same token again.
    api("/cgi-bin/stable_token", Some(10_000), Wait::Usual, Repeat::Always),
    api("/sns/jscode2session", None, Wait::Usual, Repeat::Never),
    api("/wxa/business/getuserphonenumber", None, Wait::Usual, Repeat::Never),
    api("/wxa/getwxacodeunlimit", Some(5_000), Wait::Picture, Repeat::Always),
    // 100 a second. A link made twice is a link that nobody opens.
    api("/wxa/generate_urllink", Some(6_000), Wait::Usual, Repeat::Always),
    api("/wxaapi/newtmpl/gettemplate", None, Wait::Usual, Repeat::Always),
    api("/cgi-bin/message/subscribe/send", None, Wait::Usual, Repeat::Undone),
    api("/wxa/msg_sec_check", Some(4_000), Wait::Usual, Repeat::Always),
    // A second call would make a second result arrive, or 87020.
    api("/wxa/media_check_async", Some(2_000), Wait::Usual, Repeat::Undone),
];

/// For a path that nobody wrote down: careful in everything.
const UNLISTED: &Api = &api("unlisted", None, Wait::Usual, Repeat::Never);

/// The row of a path.
pub(super) fn of(path: &str) -> &'static Api {
    APIS.iter().find(|api| api.path == path).unwrap_or(UNLISTED)
}

impl Api {
    /// The pause before the call is made again after it has failed `tries` times, without jitter; nothing
    /// when it must not be made again. A stale token is not its matter.
    pub(super) fn pause(&self, failed: &WeChatError, tries: u32) -> Option<Duration> {
        if tries >= MOST_TRIES {
            return None;
        }
        let undone = !failed.may_have_worked();
        let pause = match (self.repeat, failed.class()) {
            (Repeat::Always, Class::Retry(pause)) => Some(pause),
            (Repeat::Undone, Class::Retry(pause)) => undone.then_some(pause),
            (Repeat::Never, _) => None,
            (
                Repeat::Always | Repeat::Undone,
                Class::RefreshToken
                | Class::Business
                | Class::Refused
                | Class::Quota
                | Class::Operator
                | Class::Bug,
            ) => None,
        };
        pause.map(|pause| pause * 2_u32.saturating_pow(tries.saturating_sub(1)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::wechat::Refusal;

    #[test]
    fn no_path_stands_twice() {
        let paths: BTreeSet<&str> = APIS.iter().map(|api| api.path).collect();
        assert_eq!(paths.len(), APIS.len());
        assert_eq!(of("/cgi-bin/nothing"), UNLISTED);
    }

    #[test]
    fn pauses_double_and_end() {
        let busy = WeChatError::from(Refusal::new(-1, "system error"));
        let api = of("/wxa/msg_sec_check");
        let pauses: Vec<_> = (1..5).map(|tries| api.pause(&busy, tries)).collect();
        let (first, second) = (Duration::from_millis(500), Duration::from_secs(1));
        assert_eq!(pauses, [Some(first), Some(second), None, None]);
    }

    #[test]
    fn what_may_have_worked_is_repeated_only_where_that_does_no_harm() {
        let lost = WeChatError::Timeout;
        assert_eq!(of("/wxaapi/newtmpl/gettemplate").pause(&lost, 1), Some(UNANSWERED_PAUSE));
        assert_eq!(of("/cgi-bin/message/subscribe/send").pause(&lost, 1), None);
        assert_eq!(of("/sns/jscode2session").pause(&lost, 1), None);
        let busy = WeChatError::from(Refusal::new(-1, "system error"));
        assert!(of("/cgi-bin/message/subscribe/send").pause(&busy, 1).is_some());
        assert_eq!(of("/sns/jscode2session").pause(&busy, 1), None);
    }
}
