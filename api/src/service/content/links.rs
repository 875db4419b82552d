//! The links by which WeChat fetches the pictures that it checks: one picture each, for as long as its check
//! takes, known by a secret of 160 bits of which only a hash is kept.

use bytes::Bytes;

use crate::media::Rendition;
use crate::seal::sha256;
use crate::service::uploads::UploadError;
use crate::state::Parts;
use crate::store::{self, StoreError};

/// Longer than any secret that was ever given out.
const MOST_BYTES: usize = 64;

/// The picture that a link leads to.
///
/// # Errors
/// The link was never given out, or its check is over; the file is missing.
pub async fn open_linked(state: &Parts, secret: &str) -> Result<Bytes, UploadError> {
    if secret.len() > MOST_BYTES {
        return Err(UploadError::NotFound);
    }
    let (db, now) = (state.db.reader(), state.clock.now());
    let id = store::content_checks::find_linked(db, sha256(secret.as_bytes()), now).await?;
    let id = id.ok_or(UploadError::NotFound)?;
    let file = state.files.find(id, Rendition::Large).await?;
    file.ok_or_else(|| StoreError::inconsistent("uploads", id, "its file is missing").into())
}
