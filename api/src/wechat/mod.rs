//! The client of WeChat's server APIs for mini-programs.
//!
//! It knows WeChat's shapes, numbers and traps, and nothing of accounts or cases. Start reading at
//! [`WeChat`]; [`WeChatError`] has the table of what each errcode asks of us.

mod access_token;
mod client;
mod codes;
mod content;
mod error;
mod http;
mod push;
mod robot;
mod subscribe;
mod wire;

pub use client::{WeChat, WeChatUser};
pub use codes::{LoginCode, PhoneCode};
pub use content::{Judgement, Suggestion};
pub use error::{Class, Refusal, WeChatError};
pub use http::http_client;
pub use push::{
    Authorization, MediaVerdict, Punishment, Push, PushEvent, PushFault, PushKeys, PushQuery,
    SubscriptionChange, SubscriptionEvent, decode_aes_key,
};
pub use robot::GroupRobots;
pub use subscribe::{SendError, SubscribeMessage};

#[cfg(test)]
mod tests;
