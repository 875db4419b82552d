//! Hears what other processes have invalidated.
//!
//! It has a connection of its own and reconnects for ever. After every connecting the whole local
//! level is dropped: messages may have been missed. A ping now and then finds out that the other
//! end is gone without a word.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use redis::aio::PubSub;
use tokio::task::JoinHandle;

use super::link::BACK_OFF;
use super::local::Local;
use super::shared::Shared;
use super::tag::Tag;

/// How often the connection is tried.
const PING_EVERY: Duration = Duration::from_secs(5);

/// The listening task; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Listener(JoinHandle<()>);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Listener {
    /// Starts listening on the current runtime.
    pub(super) fn start(shared: Arc<Shared>, local: Arc<Local>) -> Self {
        Self(tokio::spawn(async move {
            let channel = shared.channel();
            loop {
                if let Some(pubsub) = shared.redis().subscribe(&channel).await {
                    local.clear();
                    listen(pubsub, &shared, &local).await;
                }
                tokio::time::sleep(BACK_OFF).await;
            }
        }))
    }
}

/// Applies messages until the connection is gone.
async fn listen(pubsub: PubSub, shared: &Shared, local: &Local) {
    let (mut sink, mut messages) = pubsub.split();
    let mut ticks = tokio::time::interval(PING_EVERY);
    loop {
        tokio::select! {
            message = messages.next() => {
                let Some(message) = message else { return };
                match serde_json::from_slice::<Vec<Tag>>(message.get_payload_bytes()) {
                    Ok(tags) => local.invalidate(&tags),
                    // Another version of the service may know more kinds of tags.
                    Err(_) => local.clear(),
                }
            }
            _ = ticks.tick() => {
                let pong = tokio::time::timeout(PING_EVERY, sink.ping::<redis::Value>()).await;
                if !matches!(pong, Ok(Ok(_))) {
                    return;
                }
                // What could not be told during an outage is told now, also if nobody asks.
                shared.deliver().await;
            }
        }
    }
}
