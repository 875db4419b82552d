//! A connection that ends when Redis does not answer in time, without a timer for every call.
//!
//! Redis answers in the order in which it was asked, so that counting is enough: when, a time limit after a
//! count was taken, fewer calls have ended than had begun by then, one of them is late. The connection is given
//! up, and all who wait on it learn it at once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, ErrorKind, RedisResult};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Notify;

/// Counts in a time limit: a late call is given up after the limit and at most one such part of it.
const PARTS: u32 = 4;

/// A connection and what is waiting on it.
#[derive(Clone)]
pub(super) struct Watched {
    pub(super) connection: MultiplexedConnection,
    pub(super) calls: Arc<Calls>,
}

/// The calls on one connection.
#[derive(Debug, Default)]
pub(super) struct Calls {
    begun: AtomicU64,
    ended: AtomicU64,
    is_late: AtomicBool,
    /// Nobody counts while nothing is asked; the next call wakes whoever does.
    rests: AtomicBool,
    wake: Notify,
}

/// A call on its way; it ends when this is dropped.
pub(super) struct Running<'a>(&'a Calls);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Release);
    }
}

impl Calls {
    /// One more call.
    pub(super) fn begin(&self) -> Running<'_> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        if self.rests.load(Ordering::SeqCst) && self.rests.swap(false, Ordering::SeqCst) {
            self.wake.notify_one();
        }
        Running(self)
    }

    /// Whether the connection was given up because of a late call.
    pub(super) fn is_late(&self) -> bool {
        self.is_late.load(Ordering::Relaxed)
    }

    /// Ends when a call is late.
    async fn until_late(&self, limit: Duration) {
        let mut counts = Counts::default();
        loop {
            let (ended, begun) = (self.ended.load(Ordering::Acquire), self.begun.load(Ordering::SeqCst));
            if ended >= begun {
                counts = Counts::default();
                self.rest().await;
            } else if counts.add(begun, ended) {
                return self.is_late.store(true, Ordering::Relaxed);
            }
            tokio::time::sleep(limit / PARTS).await;
        }
    }

    async fn rest(&self) {
        self.rests.store(true, Ordering::SeqCst);
        // A call may have begun just before.
        if self.begun.load(Ordering::SeqCst) == self.ended.load(Ordering::Acquire) {
            self.wake.notified().await;
        }
        self.rests.store(false, Ordering::SeqCst);
    }
}

/// How many calls had begun at the latest counts, oldest first.
#[derive(Debug, Default)]
struct Counts(VecDeque<u64>);

impl Counts {
    /// Adds a count; whether a call is late that had begun a time limit ago.
    fn add(&mut self, begun: u64, ended: u64) -> bool {
        self.0.push_back(begun);
        self.0.len() > PARTS as usize && self.0.pop_front().is_some_and(|then| ended < then)
    }
}

/// Connects, and watches over the connection as long as it is used. Connecting itself has no time limit here.
pub(super) async fn connect(client: &Client, limit: Duration) -> RedisResult<Watched> {
    match client.get_connection_info().addr() {
        ConnectionAddr::Tcp(host, port) => {
            let stream = TcpStream::connect((host.as_str(), *port)).await?;
            stream.set_nodelay(true)?;
            serve(client, stream, limit).await
        }
        ConnectionAddr::Unix(path) => serve(client, UnixStream::connect(path).await?, limit).await,
        _ => Err((ErrorKind::InvalidClientConfig, "only redis:// and unix:// addresses are served").into()),
    }
}

async fn serve<S>(client: &Client, stream: S, limit: Duration) -> RedisResult<Watched>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let settings = client.get_connection_info().redis_settings();
    // The library's own time limits are off: they take a timer a call.
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let (connection, driver) = MultiplexedConnection::new_with_config(settings, stream, config).await?;
    let calls = Arc::new(Calls::default());
    let watched = Watched { connection, calls: calls.clone() };
    tokio::spawn(async move {
        tokio::select! {
            () = driver => {}
            () = calls.until_late(limit) => {}
        }
    });
    Ok(watched)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    /// At which count one is late, of pairs of calls begun and ended.
    fn late_at(counted: impl IntoIterator<Item = (u64, u64)>) -> Option<usize> {
        let mut counts = Counts::default();
        counted.into_iter().position(|(begun, ended)| counts.add(begun, ended))
    }

    #[test]
    fn a_call_without_an_answer_is_late_a_limit_after_it_was_first_counted() {
        assert_eq!(late_at([(1, 0); 9]), Some(4));
        // It began between the first count and the second.
        assert_eq!(late_at([(5, 4), (6, 5), (6, 5), (6, 5), (6, 5), (6, 5), (6, 5)]), Some(5));
    }

    #[test]
    fn one_unanswered_call_is_late_although_others_are_asked_after_it() {
        assert_eq!(late_at((0..9).map(|n| (10 + n, 9))), Some(4));
    }

    #[test]
    fn answers_in_time_are_never_late_however_many_wait() {
        assert_eq!(late_at((0..100).map(|n| (100 + 10 * n, 71 + 10 * n))), None, "each after three counts");
        assert_eq!(
            late_at((0..100).map(|n| (100 + 10 * n, 100 + 10 * n - 41))),
            Some(4),
            "each after more than four"
        );
    }

    #[test]
    fn a_new_call_wakes_whoever_rests() {
        let calls = Calls::default();
        let mut context = Context::from_waker(Waker::noop());
        let mut rest = pin!(calls.rest());
        assert!(rest.as_mut().poll(&mut context).is_pending());
        let running = calls.begin();
        assert!(rest.as_mut().poll(&mut context).is_ready());
        drop(running);
        assert_eq!(calls.begun.load(Ordering::SeqCst), calls.ended.load(Ordering::SeqCst));
    }
}
