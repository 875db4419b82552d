//! Lets in only so many pictures at once, so that a flood of photos neither fills the memory nor
//! takes the cores that answer everybody else.
//!
//! Two gates in a row. The first counts the bytes of bodies, before they are read from the
//! network; the second counts pictures being developed, by the memory that their decoding takes.
//! Who waits too long at either is told to come back.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;
use tokio::time::timeout;

use super::{Header, Picture, PictureError};
use crate::config;

/// The longest wait at a gate: below the time limit of a request.
const PATIENCE: Duration = Duration::from_secs(20);

/// Bodies in memory at once, in KiB: a dozen full-size photos of phones.
const BODIES_KIB: usize = 64 * 1024;

/// The memory of decoding that one place allows for, in bytes: a photo of 12 megapixels and a
/// little more. A larger picture takes several places, at most all of them.
const PLACE_BYTES: u64 = 48 * 1024 * 1024;

/// Too many pictures at once; come back later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many pictures at once")]
pub struct Busy;

/// Why a picture was not developed.
#[derive(Debug, thiserror::Error)]
pub enum DevelopError {
    /// Too many pictures at once.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The picture is refused.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The decoder panicked.
    #[error("the decoder panicked")]
    Panicked(#[from] JoinError),
}

/// Room for one body; given back when dropped.
#[derive(Debug)]
pub struct Admission {
    _room: OwnedSemaphorePermit,
}

/// Where pictures are developed.
#[derive(Debug)]
pub struct Darkroom {
    limits: config::Media,
    bodies: Arc<Semaphore>,
    bodies_kib: usize,
    places: Arc<Semaphore>,
    place_count: usize,
    patience: Duration,
    /// Threads of its own, one a place. The allocator keeps memory for each thread that has worked with it:
    /// on the many threads of the common pool that is tens of megabytes each.
    threads: Option<Runtime>,
}

impl Drop for Darkroom {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Darkroom {
    /// A darkroom with as many places as configured.
    ///
    /// # Errors
    /// Its threads can't be prepared.
    pub fn new(limits: &config::Media) -> std::io::Result<Self> {
        let place_count = match limits.parallel {
            0 => (std::thread::available_parallelism().map_or(1, usize::from) / 2).max(1),
            places => places,
        };
        let bodies_kib = BODIES_KIB.max(kib(limits.max_bytes));
        let threads = Builder::new_current_thread()
            .max_blocking_threads(place_count)
            .thread_name("darkroom")
            .build()?;
        Ok(Self {
            limits: limits.clone(),
            bodies: Arc::new(Semaphore::new(bodies_kib)),
            bodies_kib,
            places: Arc::new(Semaphore::new(place_count)),
            place_count,
            patience: PATIENCE,
            threads: Some(threads),
        })
    }

    /// Waits for room for a body of `bytes`; to be called before it is read.
    ///
    /// # Errors
    /// Too many are being read and developed.
    pub async fn admit(&self, bytes: usize) -> Result<Admission, Busy> {
        let room = kib(bytes).clamp(1, self.bodies_kib);
        Ok(Admission { _room: self.wait(&self.bodies, room).await? })
    }

    /// Develops a picture on a thread of the darkroom.
    ///
    /// The places and the admission are held until the thread is done, also when nobody waits for
    /// it any more.
    ///
    /// # Errors
    /// The picture is refused, or too many are being developed.
    pub async fn develop(&self, bytes: Bytes, admission: Admission) -> Result<Picture, DevelopError> {
        let header = Header::read(&bytes, &self.limits)?;
        let wanted = usize::try_from(header.memory.div_ceil(PLACE_BYTES)).unwrap_or(usize::MAX);
        let places = self.wait(&self.places, wanted.clamp(1, self.place_count)).await?;
        let threads = self.threads.as_ref().ok_or(Busy)?;
        let work = threads.spawn_blocking(move || {
            let developed = Picture::develop(&bytes, header);
            drop((bytes, admission, places));
            developed
        });
        Ok(work.await??)
    }

    async fn wait(&self, gate: &Arc<Semaphore>, permits: usize) -> Result<OwnedSemaphorePermit, Busy> {
        let permits = u32::try_from(permits).unwrap_or(u32::MAX);
        match timeout(self.patience, Arc::clone(gate).acquire_many_owned(permits)).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Busy),
        }
    }
}

fn kib(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn darkroom(parallel: usize) -> Darkroom {
        let limits = config::Media {
            max_bytes: 10 * 1024 * 1024,
            max_pixels: 40_000_000,
            parallel,
            unclaimed_hours: 24,
        };
        let mut darkroom = Darkroom::new(&limits).unwrap();
        darkroom.patience = Duration::from_millis(20);
        darkroom
    }

    fn photo(width: u32, height: u32) -> Bytes {
        let mut file = Vec::new();
        let image = image::RgbImage::new(width, height);
        let encoder = image::codecs::png::PngEncoder::new(&mut file);
        image.write_with_encoder(encoder).unwrap();
        file.into()
    }

    #[tokio::test]
    async fn bodies_beyond_the_room_wait_until_one_is_done() {
        let darkroom = darkroom(1);
        let mut inside = Vec::new();
        for _ in 0..6 {
            inside.push(darkroom.admit(10 * 1024 * 1024).await.unwrap());
        }
        assert_eq!(darkroom.admit(10 * 1024 * 1024).await.unwrap_err(), Busy);
        inside.pop();
        assert!(darkroom.admit(10 * 1024 * 1024).await.is_ok());
    }

    #[tokio::test]
    async fn a_body_larger_than_all_room_is_still_let_in_alone() {
        let darkroom = darkroom(1);
        let alone = darkroom.admit(usize::MAX).await.unwrap();
        assert_eq!(darkroom.admit(1).await.unwrap_err(), Busy);
        drop(alone);
        assert!(darkroom.admit(1).await.is_ok());
    }

    #[tokio::test]
    async fn a_developed_and_a_refused_picture_leave_their_places() {
        let darkroom = darkroom(2);
        for bytes in [photo(40, 30), Bytes::from_static(b"no picture")] {
            let admission = darkroom.admit(bytes.len()).await.unwrap();
            let _ = darkroom.develop(bytes, admission).await;
            assert_eq!(darkroom.places.available_permits(), 2);
            assert_eq!(darkroom.bodies.available_permits(), darkroom.bodies_kib);
        }
    }

    #[tokio::test]
    async fn a_large_picture_waits_for_more_places_than_a_small_one() {
        // given one of two places is taken
        let darkroom = darkroom(2);
        let _taken = darkroom.wait(&darkroom.places, 1).await.unwrap();
        // when a small and a large picture come
        let admission = darkroom.admit(1).await.unwrap();
        let small = darkroom.develop(photo(40, 30), admission).await;
        let admission = darkroom.admit(1).await.unwrap();
        let large = darkroom.develop(photo(5000, 4000), admission).await;
        // then only the small one fits
        assert!(small.is_ok());
        assert!(matches!(large, Err(DevelopError::Busy(Busy))));
    }
}
