//! What no line of a log may hold: secrets, tokens, codes, phone numbers, statements, words of residents.
//!
//! Secrets are known by their shape, so that one is found whoever made it.

use crate::pushes::{PUSH_KEY, PUSH_TOKEN};
use crate::settings::SECRET;

/// Words that give something away, and what.
const TELLING: [(&str, &str); 14] = [
    ("eyJ", "an access token"),
    ("access_token=", "a query with a token of WeChat's"),
    ("js_code=", "a query with a login code"),
    ("secret=", "a query with a secret"),
    ("a signing key of the tests", "a key of the configuration"),
    ("a code key of the tests", "a key of the configuration"),
    ("a data key of the tests", "a key of the configuration"),
    (SECRET, "the mini-program's secret"),
    (PUSH_TOKEN, "the token of the message push"),
    (PUSH_KEY, "the key of the message push"),
    ("INSERT INTO", "a statement"),
    ("SELECT ", "a statement"),
    (" WHERE ", "a statement"),
    ("电梯坏了", "what a resident wrote"),
];

/// The audit log is anchored in the log by the hash of its newest entry, which gives nothing away.
const ANCHOR: [&str; 2] = ["message=audited ", r#""message":"audited""#];

/// What a line gives away that it must not.
pub(crate) fn find(line: &str) -> Option<&'static str> {
    let telling = TELLING.iter().find(|(word, _)| line.contains(word)).map(|(_, what)| *what);
    if ANCHOR.iter().any(|anchor| line.contains(anchor)) {
        return telling;
    }
    telling.or_else(|| line.split(|c: char| !is_of_word(c)).find_map(shape))
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '=' | '+' | '/')
}

/// What a word is by its looks.
fn shape(word: &str) -> Option<&'static str> {
    let bare = word.trim_end_matches('=');
    // A field's name stands before its value.
    let bare = bare.rsplit_once('=').map_or(bare, |(_, value)| value);
    let all = |is: fn(char) -> bool| bare.chars().all(is);
    let any = |is: fn(char) -> bool| bare.chars().any(is);
    let length = bare.len();
    if (11..=13).contains(&length) && all(|c| c.is_ascii_digit()) && bare.contains("1990000") {
        return Some("a phone number");
    }
    if length == 32 && all(|c| c.is_ascii_lowercase() || ('2'..='7').contains(&c)) && any(|c| c > 'f') {
        return Some("a ticket, or another secret of ours");
    }
    if length == 32
        && bare.starts_with('0')
        && any(|c| c.is_ascii_uppercase())
        && any(|c| c.is_ascii_lowercase())
    {
        return Some("a login code");
    }
    if length == 64 && all(|c| c.is_ascii_hexdigit()) {
        return Some("a code for a phone number, or a digest");
    }
    if length == 22 && word.ends_with("==") {
        return Some("a session key");
    }
    (length >= 40 && bare.split_once('_').is_some_and(|(number, _)| number.parse::<u32>().is_ok()))
        .then_some("a token of WeChat's")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gives_something_away_is_found_and_what_does_not_is_left_alone() {
        let token = format!("token=93_{}", "Zx9".repeat(20));
        for line in [
            "failure=https://x/cgi?access_token=1",
            "number=19900000001",
            "to 8619900000001.",
            "ticket=abcdefghijklmnopqrstuvwxyz234567",
            "code=0aB3dEfGhIjKlMnOpQrStUvWxYz01234",
            &token,
            "key=tiihtNczf5v6AKRyjwEUhQ==",
            "SELECT 1",
            &format!("hash={}", "0f".repeat(32)),
        ] {
            assert!(find(line).is_some(), "{line}");
        }
        for line in [
            "api::routes::edge: request_id=9a374450456063a6 method=GET route=/api/v1/cases/{id} status=200",
            "case_id=019cac2a-9dc0-7008-b162-c475afaa6e36 at=2026-03-02T01:30:00Z",
            "listening on 127.0.0.1:29244, pid 19907",
            &format!("api::service::audit: message=audited seq=1 hash={}", "0f".repeat(32)),
            "rid: 69a4e8b8-0f3c1d2e-5a6b7c8d",
        ] {
            assert_eq!(find(line), None, "{line}");
        }
    }
}
