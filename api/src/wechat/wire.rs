//! Reads WeChat's answers: JSON whatever the header says, an error only by its number.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::error::{Refusal, WeChatError};

/// The largest answer that is read, in bytes; real ones have a few hundred.
const MAX_BYTES: usize = 256 * 1024;

/// The part of an answer that says whether it is an error.
#[derive(Debug, Deserialize)]
struct Verdict {
    #[serde(default, deserialize_with = "number_or_text")]
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

/// A number that some of WeChat's servers write as a text; `null` is 0.
fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a number, also as a text")]
    enum NumberOrText {
        Number(i64),
        Text(String),
        Nothing(()),
    }
    match NumberOrText::deserialize(deserializer)? {
        NumberOrText::Number(number) => Ok(number),
        NumberOrText::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
        NumberOrText::Nothing(()) => Ok(0),
    }
}

/// Sends the request and reads the answer.
pub(super) async fn send<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, WeChatError> {
    let mut response = request.send().await.map_err(WeChatError::from_reqwest)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(WeChatError::from_reqwest)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BYTES {
            return Err(unreadable(&response, &body, "too long"));
        }
    }
    parse(&body).map_err(|fault| match fault {
        Fault::Refused(refusal) => refusal.into(),
        Fault::Unreadable(error) => unreadable(&response, &body, describe(&error)),
    })
}

fn unreadable(response: &reqwest::Response, body: &[u8], problem: impl ToString) -> WeChatError {
    let content_type = response.headers().get(reqwest::header::CONTENT_TYPE);
    WeChatError::BadBody {
        status: response.status().as_u16(),
        content_type: content_type.and_then(|value| value.to_str().ok()).unwrap_or("").to_owned(),
        bytes: body.len(),
        problem: problem.to_string(),
    }
}

/// Where the JSON breaks, without serde's own words: they may quote the content.
fn describe(error: &serde_json::Error) -> String {
    format!("{:?} error at column {}", error.classify(), error.column())
}

#[derive(Debug)]
enum Fault {
    Refused(Refusal),
    Unreadable(serde_json::Error),
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    let verdict: Verdict = serde_json::from_slice(body).map_err(Fault::Unreadable)?;
    if verdict.errcode != 0 {
        return Err(Fault::Refused(Refusal::new(verdict.errcode, verdict.errmsg)));
    }
    serde_json::from_slice(body).map_err(Fault::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Greeting {
        word: String,
    }

    fn refusal(body: &str) -> Option<i64> {
        match parse::<Greeting>(body.as_bytes()) {
            Err(Fault::Refused(refusal)) => Some(refusal.code),
            _ => None,
        }
    }

    #[test]
    fn an_absent_a_zero_and_a_null_errcode_are_success() {
        for head in ["", r#""errcode":0,"errmsg":"ok","#, r#""errcode":"0","#, r#""errcode":null,"#] {
            let body = format!(r#"{{{head}"word":"hello","new_member":[1]}}"#);
            assert_eq!(parse::<Greeting>(body.as_bytes()).unwrap().word, "hello", "{body}");
        }
    }

    #[test]
    fn an_errcode_counts_as_number_and_as_text() {
        assert_eq!(refusal(r#"{"errcode":40029,"errmsg":"invalid code"}"#), Some(40029));
        assert_eq!(refusal(r#"{"errcode":"-1"}"#), Some(-1));
    }

    #[test]
    fn what_is_no_answer_is_told_apart_and_not_quoted() {
        for body in ["", "<html>", "[]", r#"{"errcode":"x"}"#, r#"{"word":1}"#, r#"{"word":"secr"#] {
            match parse::<Greeting>(body.as_bytes()) {
                Err(Fault::Unreadable(error)) => assert!(!describe(&error).contains("secr")),
                other => panic!("{body}: {other:?}"),
            }
        }
    }
}
