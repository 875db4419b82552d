//! Typed keys: what is kept under a key can't be read as anything else.

use std::borrow::Cow;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name of a kept value, which also fixes the value's type.
///
/// A family belongs to one type of key. A value of another shape under the same name, such as one
/// written by another version of the service, is read as "not there".
pub trait Key: Send + Sync {
    /// What is kept.
    type Value: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The first part of the name, and the label in the metrics: `scan_card`.
    const FAMILY: &'static str;

    /// Whether it also goes to Redis; `false` for what is cheap to load or must not leave the process.
    const SHARED: bool = true;

    /// The rest of the name, unique within the family. No personal data: it is seen in Redis.
    fn id(&self) -> String;

    /// The bytes that go to Redis; their number is also the weight in the process.
    ///
    /// # Errors
    /// The value has no such form; it is then not kept.
    fn encode(value: &Self::Value) -> Result<Cow<'_, [u8]>, CodecError> {
        Ok(Cow::Owned(serde_json::to_vec(value)?))
    }

    /// The value from its bytes, which it may keep.
    ///
    /// # Errors
    /// The bytes are something else; the value is then loaded anew.
    fn decode(bytes: Bytes) -> Result<Self::Value, CodecError> {
        Ok(serde_json::from_slice(&bytes)?)
    }
}

/// A value could not be turned into bytes, or bytes not into a value.
#[derive(Debug, thiserror::Error)]
#[error("no cached form: {0}")]
pub struct CodecError(pub String);

impl From<serde_json::Error> for CodecError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// A ready answer, kept as the bytes that are sent; handing it out copies nothing.
///
/// A key with this value overrides [`Key::encode`] and [`Key::decode`] with [`Raw::encode`] and
/// [`Raw::decode`], so that the bytes stay what they are in Redis too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw(pub Bytes);

impl Raw {
    /// The bytes as they are.
    ///
    /// # Errors
    /// None.
    pub fn encode(&self) -> Result<Cow<'_, [u8]>, CodecError> {
        Ok(Cow::Borrowed(&self.0))
    }

    /// The bytes as they are.
    ///
    /// # Errors
    /// None.
    pub fn decode(bytes: Bytes) -> Result<Self, CodecError> {
        Ok(Self(bytes))
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<u8>::deserialize(deserializer).map(|bytes| Self(bytes.into()))
    }
}

/// The full name of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct EntryKey {
    pub(super) family: &'static str,
    pub(super) id: String,
}

impl EntryKey {
    pub(super) fn of<K: Key>(key: &K) -> Self {
        Self { family: K::FAMILY, id: key.id() }
    }
}
