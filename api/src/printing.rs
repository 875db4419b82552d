//! Where posters are drawn: one at a time, on a thread of its own, with fonts and templates that are loaded when
//! the first one is asked for.
//!
//! A large poster takes a core for a second. Who waits too long for a turn is told to come back; what a poster
//! says is the callers' business.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use qr::poster::{PosterError, Posters};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinError;
use tokio::time::timeout;

/// The longest wait for a turn: below the time limit of a request.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why nothing was drawn.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// Too many posters at once; come back later.
    #[error("too many posters at once")]
    Busy,
    /// The poster is refused, or the fonts are missing.
    #[error(transparent)]
    Poster(#[from] PosterError),
    /// The drawing panicked.
    #[error("the drawing panicked")]
    Panicked(#[from] JoinError),
}

/// The press.
#[derive(Debug)]
pub struct Printing {
    posters: Arc<OnceLock<Posters>>,
    turn: Arc<Semaphore>,
    patience: Duration,
    /// A thread of its own: the allocator keeps memory for each thread that has worked with it.
    threads: Option<Runtime>,
}

impl Drop for Printing {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Printing {
    /// A press that has not loaded anything yet.
    ///
    /// # Errors
    /// Its thread can't be prepared.
    pub fn new() -> std::io::Result<Self> {
        let threads =
            Builder::new_current_thread().max_blocking_threads(1).thread_name("printing").build()?;
        let turn = Arc::new(Semaphore::new(1));
        Ok(Self { posters: Arc::default(), turn, patience: PATIENCE, threads: Some(threads) })
    }

    /// Does `work` with fonts and templates when it is its turn. It is done to its end, also when nobody waits
    /// for it any more.
    ///
    /// # Errors
    /// [`PrintError`].
    pub async fn print<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Posters) -> Result<T, PosterError> + Send + 'static,
    ) -> Result<T, PrintError> {
        let turn = match timeout(self.patience, self.turn.clone().acquire_owned()).await {
            Ok(Ok(turn)) => turn,
            Ok(Err(_)) | Err(_) => return Err(PrintError::Busy),
        };
        let threads = self.threads.as_ref().ok_or(PrintError::Busy)?;
        let posters = self.posters.clone();
        let printed = threads.spawn_blocking(move || {
            let _turn = turn;
            match posters.get() {
                Some(posters) => work(posters),
                None => {
                    let loaded = Posters::load()?;
                    work(posters.get_or_init(|| loaded))
                }
            }
        });
        Ok(printed.await??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn posters_are_printed_one_after_the_other_and_who_waits_too_long_is_told() {
        let mut printing = Printing::new().unwrap();
        printing.patience = Duration::from_millis(20);
        let (running, begun) = std::sync::mpsc::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let first = printing.print(move |_| {
            running.send(()).unwrap();
            ended.recv().unwrap();
            Ok(1)
        });
        let second = async {
            tokio::task::spawn_blocking(move || begun.recv().unwrap()).await.unwrap();
            let refused = printing.print(|_| Ok(2)).await;
            end.send(()).unwrap();
            refused
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!(first.unwrap(), 1);
        assert!(matches!(second, Err(PrintError::Busy)), "{second:?}");
        assert_eq!(printing.print(|_| Ok(3)).await.unwrap(), 3);
    }
}
