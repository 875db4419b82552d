//! Files that are written part by part, and read so: none of them ever lies in memory whole.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload};
use uuid::Uuid;

use super::{Files, FilesError};

impl Files {
    /// Writes a part of a file. What it is called is the caller's business: another try of the same part has
    /// another name, so that nobody changes what somebody reads.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn write_part(&self, file: Uuid, part: &str, bytes: Bytes) -> Result<(), FilesError> {
        self.store.put(&path(file).join(part), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// Reads a part of a file; `None` when there is no such part.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn find_part(&self, file: Uuid, part: &str) -> Result<Option<Bytes>, FilesError> {
        match self.store.get(&path(file).join(part)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes all parts of a file, also those that nobody has noted down.
    ///
    /// # Errors
    /// The storage failed; the rest can be removed later.
    pub async fn remove_parts(&self, file: Uuid) -> Result<(), FilesError> {
        let found: Vec<Path> =
            self.store.list(Some(&path(file))).map(|found| found.map(|it| it.location)).try_collect().await?;
        for part in found {
            match self.store.delete(&part).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// `code-batches/<id>`
fn path(file: Uuid) -> Path {
    Path::from(format!("code-batches/{file}"))
}
