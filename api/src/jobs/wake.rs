//! The bell that tells the runner of this process that a job was committed.

use tokio::sync::Notify;

/// Rings when there is work. Without it the runner looks by itself every second.
#[derive(Debug, Default)]
pub struct Wake(Notify);

impl Wake {
    /// Call it after the commit of a transaction that enqueued.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Waits for the next ring; one that came before counts.
    pub(super) async fn rung(&self) {
        self.0.notified().await;
    }
}
