//! A finished answer: the JSON as it goes out, and its tag. Made once, kept in the cache, sent many times.

use aws_lc_rs::digest;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// JSON that is ready to be sent. Cloning shares the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Document {
    json: Bytes,
    etag: Bytes,
}

/// A document in the shared cache.
#[derive(Serialize, Deserialize)]
struct Stored {
    json: String,
    etag: String,
}

impl Document {
    /// Writes a value as JSON.
    ///
    /// # Errors
    /// The value can't be written as JSON.
    pub fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_vec(value)?;
        let hash = digest::digest(&digest::SHA256, &json);
        let etag = format!("\"{}\"", data_encoding::BASE64URL_NOPAD.encode(hash.as_ref()));
        Ok(Self { json: json.into(), etag: etag.into() })
    }

    /// A document that was made before, from its parts.
    #[must_use]
    pub fn kept(json: Bytes, etag: Bytes) -> Self {
        Self { json, etag }
    }

    /// The JSON.
    #[must_use]
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// Its strong entity tag (RFC 9110, section 8.8.3), quotes included.
    #[must_use]
    pub fn etag(&self) -> &Bytes {
        &self.etag
    }
}

impl From<Stored> for Document {
    fn from(stored: Stored) -> Self {
        Self { json: stored.json.into(), etag: stored.etag.into() }
    }
}

impl From<Document> for Stored {
    fn from(document: Document) -> Self {
        let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        Self { json: text(&document.json), etag: text(&document.etag) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_comes_back_from_the_shared_cache_as_it_was() {
        let document = Document::of(&serde_json::json!({ "name": "示例工作站" })).unwrap();
        let stored = serde_json::to_vec(&document).unwrap();
        assert_eq!(serde_json::from_slice::<Document>(&stored).unwrap(), document);
    }

    #[test]
    fn another_content_has_another_tag() {
        let tag = |n: u8| Document::of(&n).unwrap().etag().clone();
        assert_eq!(tag(1), tag(1));
        assert_ne!(tag(1), tag(2));
        assert!(tag(1).starts_with(b"\"") && tag(1).ends_with(b"\""));
    }
}
