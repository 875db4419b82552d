//! What is drawn of a code, kept in this process: whoever asks again gets the same bytes.

use std::borrow::Cow;
use std::fmt::Debug;

use bytes::Bytes;
use qr::Token;

use super::scanning::{self, ScanError};
use crate::cache::{CodecError, Fresh, Key, Raw};
use crate::state::Parts;

/// What can be asked for of a code; its `Debug` form tells one from another.
pub(super) trait Asked: Debug + Send + Sync {
    /// The first part of the name in the cache.
    const FAMILY: &'static str;
}

struct DrawnKey<'a, A>(&'a str, A);

impl<A: Asked> Key for DrawnKey<'_, A> {
    type Value = Raw;
    const FAMILY: &'static str = A::FAMILY;
    /// Drawn sooner than fetched, or too large and too seldom asked for to be worth the way.
    const SHARED: bool = false;

    fn id(&self) -> String {
        format!("{} {:?}", self.0, self.1)
    }

    fn encode(value: &Raw) -> Result<Cow<'_, [u8]>, CodecError> {
        value.encode()
    }

    fn decode(bytes: Bytes) -> Result<Raw, CodecError> {
        Raw::decode(bytes)
    }
}

/// What is asked for of the code in this text, drawn if it is not kept.
///
/// # Errors
/// The text is no token of ours; what `draw` failed with.
pub(super) async fn find_or_draw<A: Asked, E: From<ScanError>>(
    state: &Parts,
    text: &str,
    asked: A,
    draw: impl AsyncFnOnce(&Token) -> Result<Fresh<Raw>, E>,
) -> Result<Bytes, E> {
    let token = scanning::read_token(state, text)?;
    let key = DrawnKey(token.as_ref(), asked);
    let drawn = state.cache.get(&key, async || draw(&token).await).await?;
    Ok(drawn.0.clone())
}
