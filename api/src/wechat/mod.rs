//! The client of WeChat's server APIs for mini-programs.
//!
//! It knows WeChat's shapes, numbers and traps, and nothing of accounts or cases. Start reading at
//! [`WeChat`]; [`WeChatError`] has the table of what each errcode asks of us.

mod access_token;
mod client;
mod codes;
mod error;
mod http;
mod wire;

pub use client::{WeChat, WeChatUser};
pub use codes::{LoginCode, PhoneCode};
pub use error::{Class, Refusal, WeChatError};
pub use http::http_client;

#[cfg(test)]
mod tests;
