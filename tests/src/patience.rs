//! Waiting for a condition, never for time to pass; and ports for servers that start.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// What should happen happens within this, on a slow machine too.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Ports below those that the system hands out by itself: a port that a stopped server will want
/// again must not become the near end of somebody's connection.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// Waits until it is so.
///
/// # Panics
/// It is not so after twenty seconds.
#[track_caller]
pub fn eventually(what: &str, is_so: impl AsyncFnMut() -> bool) -> impl Future<Output = ()> {
    let asked_at = std::panic::Location::caller();
    async move { assert!(holds_within(PATIENCE, is_so).await, "never: {what} ({asked_at})") }
}

/// Whether it becomes so in time.
pub(crate) async fn holds_within(limit: Duration, mut is_so: impl AsyncFnMut() -> bool) -> bool {
    let until_it_is_so = async {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        while !is_so().await {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(limit, until_it_is_so).await.is_ok()
}

/// A port that nobody listens on now. Somebody else may be faster: whoever starts a server tries again.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Processes begin at different places: each test is one.
    let start = std::process::id().wrapping_mul(37);
    for _ in PORTS {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let offset = start.wrapping_add(step) % u32::from(PORTS.end - PORTS.start);
        let port = PORTS.start + u16::try_from(offset).unwrap_or_default();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port between {} and {}", PORTS.start, PORTS.end);
}
