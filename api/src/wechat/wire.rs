//! Reads WeChat's answers: JSON whatever the header says, an error only by its number.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, DATE};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::error::{Refusal, WeChatError};
use super::words::fit_for_logs;

/// The largest answer that is read, in bytes; most have a few hundred, a picture some hundred thousand.
const MAX_BYTES: usize = 2 * 1024 * 1024;

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

/// An answer as it came, whatever it is.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    content_type: String,
    /// When the server thinks it is, by its own words.
    pub(super) date: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Sends the request and takes the whole answer.
pub(super) async fn exchange(request: RequestBuilder) -> Result<Answer, WeChatError> {
    let mut response = request.send().await.map_err(WeChatError::from_reqwest)?;
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut answer = Answer {
        status: response.status().as_u16(),
        content_type: header(CONTENT_TYPE).unwrap_or_default(),
        date: header(DATE),
        body: Vec::new(),
    };
    let compressed = header(CONTENT_ENCODING).is_some_and(|encoding| encoding.eq_ignore_ascii_case("gzip"));
    while let Some(chunk) = response.chunk().await.map_err(WeChatError::from_reqwest)? {
        answer.body.extend_from_slice(&chunk);
        if answer.body.len() > MAX_BYTES {
            return Err(answer.unreadable("too long"));
        }
    }
    if compressed {
        answer.body = inflate(&answer.body).ok_or_else(|| answer.unreadable("its compression is broken"))?;
    }
    Ok(answer)
}

/// What was compressed by gzip: nobody asks for that, and gateways do it all the same. Nothing when it is
/// broken, or larger than what is read.
fn inflate(body: &[u8]) -> Option<Vec<u8>> {
    let mut inflated = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    GzDecoder::new(body).take(most).read_to_end(&mut inflated).ok()?;
    (inflated.len() <= MAX_BYTES).then_some(inflated)
}

/// Reads an answer as JSON.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, WeChatError> {
    parse(&answer.body).map_err(|fault| match fault {
        Fault::Refused(refusal) => refusal.into(),
        Fault::Unreadable(error) => answer.unreadable(describe(&error)),
    })
}

/// Takes an answer as the bytes of something that is no JSON. What looks like JSON is an error of WeChat's,
/// whatever the header says: no picture begins with a brace.
pub(super) fn read_bytes(answer: &Answer) -> Result<Vec<u8>, WeChatError> {
    let first = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') || answer.content_type.starts_with("application/json") {
        read::<serde::de::IgnoredAny>(answer)?;
        return Err(answer.unreadable("JSON in place of bytes"));
    }
    if answer.status != 200 || first.is_none() {
        return Err(answer.unreadable("no bytes"));
    }
    Ok(answer.body.clone())
}

impl Answer {
    /// The failure to make anything of it, without its content.
    pub(super) fn unreadable(&self, problem: impl ToString) -> WeChatError {
        WeChatError::BadBody {
            status: self.status,
            content_type: fit_for_logs(&self.content_type, None),
            bytes: self.body.len(),
            problem: problem.to_string(),
        }
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
    fn a_small_answer_that_swells_is_given_up() {
        let packed = |bytes: usize| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            std::io::Write::write_all(&mut encoder, &vec![b' '; bytes]).unwrap();
            encoder.finish().unwrap()
        };
        assert_eq!(inflate(&packed(1000)).map(|body| body.len()), Some(1000));
        assert_eq!(inflate(&packed(MAX_BYTES)).map(|body| body.len()), Some(MAX_BYTES));
        assert_eq!(inflate(&packed(MAX_BYTES + 1)), None);
        assert_eq!(inflate(b"no gzip at all"), None);
    }

    #[test]
    fn bytes_are_told_from_an_error_whatever_the_header_says() {
        let answer = |content_type: &str, body: &[u8]| Answer {
            status: 200,
            content_type: content_type.to_owned(),
            date: None,
            body: body.to_vec(),
        };
        let refused = br#" {"errcode":40001,"errmsg":"invalid credential"}"#;
        for content_type in ["image/jpeg", "application/json; encoding=utf-8", ""] {
            let error = read_bytes(&answer(content_type, refused)).unwrap_err();
            assert_eq!(error.refusal().unwrap().code, 40001, "{content_type}");
        }
        assert_eq!(read_bytes(&answer("image/jpeg", b"\xff\xd8")).unwrap(), b"\xff\xd8");
        for none in [answer("image/jpeg", b""), answer("application/json", b"\xff\xd8"), answer("", b"{}")] {
            assert!(matches!(read_bytes(&none), Err(WeChatError::BadBody { .. })), "{none:?}");
        }
        let gateway = Answer { status: 502, ..answer("text/html", b"<html>") };
        assert!(matches!(read_bytes(&gateway), Err(WeChatError::BadBody { status: 502, .. })));
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
