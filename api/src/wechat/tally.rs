//! What is measured of the calls: how many by API, errcode and class, and how long they took.

use std::time::Duration;

use metrics::{counter, histogram};

use super::error::{Class, Refusal, WeChatError};
use super::policy::Api;

/// Counts one try. Labels are words of closed lists: our paths, the numbers that we know, the classes.
pub(super) fn record<T>(api: &Api, outcome: &Result<T, WeChatError>, took: Duration) {
    let (errcode, class) = match outcome {
        Ok(_) => ("0".to_owned(), "ok"),
        Err(error) => (errcode(error), class(error)),
    };
    counter!("wechat_calls_total", "api" => api.path, "errcode" => errcode, "class" => class).increment(1);
    histogram!("wechat_call_seconds", "api" => api.path).record(took);
}

fn errcode(error: &WeChatError) -> String {
    match error.refusal() {
        Some(refusal) if Refusal::is_known(refusal.code) => refusal.code.to_string(),
        Some(_) => "other".to_owned(),
        None => "none".to_owned(),
    }
}

fn class(error: &WeChatError) -> &'static str {
    match error {
        WeChatError::Timeout => "timeout",
        WeChatError::Transport(_) => "transport",
        WeChatError::BadBody { .. } => "unreadable",
        WeChatError::Limited { .. } => "limited",
        WeChatError::NotConfigured | WeChatError::UnknownApp { .. } => "operator",
        WeChatError::UnusablePhone => "refused",
        WeChatError::Refused(refusal) => match refusal.class() {
            Class::Retry(_) => "retry",
            Class::RefreshToken => "refresh_token",
            Class::Business => "business",
            Class::Refused => "refused",
            Class::Quota => "quota",
            Class::Operator => "operator",
            Class::Bug => "bug",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_nobody_knows_makes_no_new_series() {
        assert_eq!(errcode(&Refusal::new(40029, "invalid code").into()), "40029");
        assert_eq!(errcode(&Refusal::new(123_456, "something new").into()), "other");
        assert_eq!(errcode(&WeChatError::Timeout), "none");
        assert_eq!(class(&Refusal::new(45011, "slower").into()), "retry");
        assert_eq!(class(&WeChatError::Timeout), "timeout");
    }
}
