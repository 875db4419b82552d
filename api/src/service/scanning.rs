//! A code is scanned: from what a phone read to the finished card, mostly without touching the database.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use domain::ids::CodeId;
use domain::vocabulary::{CodeState, ScanResult};
use qr::Token;
use serde::{Deserialize, Serialize};

use super::codes::{CodeLink, link_of};
use super::document::Document;
use super::scan_card::{self, MadeCard};
use crate::cache::{CodecError, Fresh, Key, Tag};
use crate::state::Parts;
use crate::store::{StoreError, codes};

/// Why there is no card.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Made up, misread, or never issued.
    #[error("no such code")]
    Unknown,
    /// It hangs somewhere but does not work any more.
    #[error("the code was revoked")]
    Revoked {
        /// The code that works in its place.
        replacement: Option<CodeLink>,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The card can't be written.
    #[error("the card can't be written as JSON")]
    Unwritable(#[from] serde_json::Error),
}

/// What scanning a token gives, as it is kept in the cache: also that there is nothing.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Live { code_id: CodeId, card: Document },
    Revoked { code_id: CodeId, replacement: Option<String> },
    Unknown,
}

struct AnswerKey<'a>(&'a str);

impl Key for AnswerKey<'_> {
    type Value = Answer;
    const FAMILY: &'static str = "scan";

    fn id(&self) -> String {
        self.0.to_owned()
    }

    /// A live code's card lies in Redis as it is sent, behind a line of its own: reading it is one copy.
    fn encode(value: &Answer) -> Result<Cow<'_, [u8]>, CodecError> {
        let Answer::Live { code_id, card } = value else { return Ok(Cow::Owned(serde_json::to_vec(value)?)) };
        let mut bytes = format!("{LIVE}{code_id} ").into_bytes();
        bytes.extend_from_slice(card.etag());
        bytes.push(b'\n');
        bytes.extend_from_slice(card.json());
        Ok(Cow::Owned(bytes))
    }

    fn decode(bytes: Bytes) -> Result<Answer, CodecError> {
        if !bytes.starts_with(LIVE.as_bytes()) {
            return Ok(serde_json::from_slice(&bytes)?);
        }
        let cut = || CodecError("a card without its first line".to_owned());
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(cut)?;
        let line = std::str::from_utf8(bytes.get(LIVE.len()..end).unwrap_or_default()).map_err(|_| cut())?;
        let (code_id, etag) = line.split_once(' ').ok_or_else(cut)?;
        let etag = bytes.slice_ref(etag.as_bytes());
        let code_id = code_id.parse().map_err(|_| cut())?;
        Ok(Answer::Live { code_id, card: Document::kept(bytes.slice(end + 1..), etag) })
    }
}

/// What a live code's entry in Redis begins with.
const LIVE: &str = "live ";

/// The token in what a phone read. A made-up one ends here: no look-up, neither in the cache nor in the
/// database.
///
/// # Errors
/// The signature does not hold.
pub fn read_token(state: &Parts, text: &str) -> Result<Token, ScanError> {
    state.code_keys.read(text).map_err(|_| ScanError::Unknown)
}

/// The same for a code that was scanned: what looks like a token and is none of ours is noted.
///
/// # Errors
/// The signature does not hold.
pub fn read_scanned(state: &Parts, text: &str) -> Result<Token, ScanError> {
    read_token(state, text).inspect_err(|_| state.unknown_scans.note(text))
}

/// The card of a scanned code; the scan is counted.
///
/// # Errors
/// The code is unknown or revoked; the database does not answer.
pub async fn scan(state: &Parts, token: &Token) -> Result<Document, ScanError> {
    let answer = find_answer(state, token).await?;
    match &*answer {
        Answer::Live { code_id, .. } => state.scans.count(*code_id, ScanResult::Opened),
        // They tell which old posters still hang.
        Answer::Revoked { code_id, .. } => state.scans.count(*code_id, ScanResult::Revoked),
        Answer::Unknown => state.unknown_scans.note(token.as_ref()),
    }
    card_of(state, &answer)
}

/// The link that a code is printed as, if the code works; nothing is counted.
///
/// # Errors
/// As [`scan`].
pub async fn find_printed_link(state: &Parts, text: &str) -> Result<String, ScanError> {
    let token = read_token(state, text)?;
    let answer = find_answer(state, &token).await?;
    card_of(state, &answer)?;
    Ok(link_of(state, token.as_ref()))
}

fn card_of(state: &Parts, answer: &Answer) -> Result<Document, ScanError> {
    match answer {
        Answer::Live { card, .. } => Ok(card.clone()),
        Answer::Revoked { replacement, .. } => {
            let replacement = replacement.as_deref().map(|token| CodeLink::new(state, token));
            Err(ScanError::Revoked { replacement })
        }
        Answer::Unknown => Err(ScanError::Unknown),
    }
}

async fn find_answer(state: &Parts, token: &Token) -> Result<Arc<Answer>, ScanError> {
    let token = token.as_ref();
    state.cache.get(&AnswerKey(token), async || load_answer(state, token).await).await
}

async fn load_answer(state: &Parts, token: &str) -> Result<Fresh<Answer>, ScanError> {
    let own = Tag::Code(token.to_owned());
    let Some(code) = codes::find_scanned(state.db.reader(), token).await? else {
        return Ok(Fresh { value: Answer::Unknown, tags: vec![own], expires_at: None });
    };
    if code.state == CodeState::Revoked {
        let other = code.replacement.as_ref().map(|other| Tag::Code(other.token.clone()));
        let live = code.replacement.filter(|other| other.state == CodeState::Live);
        let value = Answer::Revoked { code_id: code.id, replacement: live.map(|other| other.token) };
        return Ok(Fresh { value, tags: other.into_iter().chain([own]).collect(), expires_at: None });
    }
    let code_id = code.id;
    let MadeCard { card, tags, expires_at } = scan_card::make(state, code, state.clock.now()).await?;
    let card = Document::of(&card)?;
    Ok(Fresh { value: Answer::Live { code_id, card }, tags, expires_at })
}

#[cfg(test)]
mod tests;
