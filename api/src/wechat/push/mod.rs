//! What WeChat tells us by itself (消息推送): is it genuine, what does it say.
//!
//! Start at [`PushKeys`], which knows whether a call is WeChat's and opens it; [`Push::read`] says what it
//! tells. Nothing here stores or decides anything.

mod envelope;
mod event;
mod keys;
mod loose;
#[cfg(test)]
mod vectors;
mod xml;

pub use envelope::{PushFault, PushQuery};
pub use event::{
    Authorization, MediaVerdict, Punishment, Push, PushEvent, SubscriptionChange, SubscriptionEvent,
};
pub use keys::{PushKeys, decode_aes_key};
