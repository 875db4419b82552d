//! Keeps the files of pictures and of batches of posters: in a folder, or in a bucket of S3 or what speaks the same.
//!
//! A file's name follows from the upload's id alone. Files are written before their row and removed
//! after it: a file without a row is harmless, a row without a file is not.

mod parts;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use domain::ids::UploadId;
use futures::future::try_join;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
};
use secrecy::ExposeSecret;

use super::{Picture, Rendition};
use crate::config::{Storage, StorageKind};

/// S3: the longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// S3: the longest wait for one whole answer.
const TIMEOUT: Duration = Duration::from_secs(8);
/// S3: no new try after this long. With it a call stays below the time limit of a request.
const RETRY_TIMEOUT: Duration = Duration::from_secs(8);

/// The file storage failed.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder can't be made.
    #[error("the folder for files can't be made")]
    Folder(#[source] std::io::Error),
    /// The storage does not answer, or refuses.
    #[error("the file storage failed")]
    Storage(#[from] Error),
}

/// All files: of pictures, and of batches of posters.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

impl Files {
    /// Opens the storage. A folder is made when it is missing; a bucket is not asked yet.
    ///
    /// # Errors
    /// The folder can't be made, or the settings are refused.
    pub fn open(config: &Storage) -> Result<Self, FilesError> {
        let store: Arc<dyn ObjectStore> = match config.kind {
            StorageKind::Local => {
                std::fs::create_dir_all(&config.path).map_err(FilesError::Folder)?;
                // A 201 must survive a power cut, so must its files.
                Arc::new(LocalFileSystem::new_with_prefix(&config.path)?.with_fsync(true))
            }
            StorageKind::S3 => Arc::new(bucket(config)?),
        };
        Ok(Self { store })
    }

    /// Writes both renditions.
    ///
    /// # Errors
    /// The storage failed; one of them may have been written.
    pub async fn write(&self, id: UploadId, picture: &Picture) -> Result<(), FilesError> {
        let [large, small] = Rendition::ALL.map(|rendition| {
            let file = PutPayload::from(picture.file(rendition).to_vec());
            async move { self.store.put(&path(id, rendition), file).await }
        });
        try_join(large, small).await?;
        Ok(())
    }

    /// Reads a rendition; `None` when there is no such file.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn find(&self, id: UploadId, rendition: Rendition) -> Result<Option<Bytes>, FilesError> {
        match self.store.get(&path(id, rendition)).await {
            Ok(file) => Ok(Some(file.bytes().await?)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes both renditions; that one is gone already is fine.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn remove(&self, id: UploadId) -> Result<(), FilesError> {
        for rendition in Rendition::ALL {
            match self.store.delete(&path(id, rendition)).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn bucket(config: &Storage) -> Result<impl ObjectStore + use<>, Error> {
    let client = ClientOptions::new()
        .with_connect_timeout(CONNECT_TIMEOUT)
        .with_timeout(TIMEOUT)
        // MinIO beside the service speaks plain HTTP; who writes http:// means it.
        .with_allow_http(config.endpoint.starts_with("http://"));
    let retry =
        RetryConfig { max_retries: 2, retry_timeout: RETRY_TIMEOUT, backoff: BackoffConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_access_key_id(config.access_key.expose_secret())
        .with_secret_access_key(config.secret_key.expose_secret())
        .with_client_options(client)
        .with_retry(retry)
        // Plain DELETE is understood by every server, the bulk call is not.
        .with_disable_bulk_delete(true);
    if !config.endpoint.is_empty() {
        builder = builder.with_endpoint(config.endpoint.trim_end_matches('/'));
    }
    builder.build()
}

/// `uploads/<year>/<month>/<id>/<1280|320>.jpg`, by the time within the id (UUIDv7).
fn path(id: UploadId, rendition: Rendition) -> Path {
    let millis = i64::try_from(id.0.as_u128() >> 80).unwrap_or(0);
    let month = DateTime::from_timestamp_millis(millis).unwrap_or_default().format("%Y/%m");
    Path::from(format!("uploads/{month}/{id}/{}.jpg", rendition.longest_side()))
}

#[cfg(test)]
mod tests;
