//! The client of WeChat's server APIs for mini-programs.
//!
//! It knows WeChat's shapes, numbers and traps, and nothing of accounts or cases. Start reading at
//! [`MiniPrograms`] and [`WeChat`]; [`WeChatError`] has the table of what each errcode asks of us, and
//! `policy.rs` that of the APIs.

mod access_token;
mod apps;
mod call;
mod client;
mod clock_of_wechat;
mod codes;
mod content;
mod error;
mod http;
mod links;
mod login;
mod pace;
mod pictures;
mod policy;
mod push;
mod robot;
mod subscribe;
mod tally;
mod templates;
mod wire;
mod words;

pub use apps::MiniPrograms;
pub use client::WeChat;
pub use codes::{LoginCode, PhoneCode};
pub use content::{Judgement, Suggestion};
pub use error::{Class, Refusal, WeChatError};
pub use http::http_client;
pub use links::{LinkRequest, UrlLink};
pub use login::WeChatUser;
pub use pictures::{CodePicture, CodeRequest, EnvVersion};
pub use push::{
    Authorization, MediaVerdict, Punishment, Push, PushEvent, PushFault, PushKeys, PushQuery,
    SubscriptionChange, SubscriptionEvent, decode_aes_key,
};
pub use robot::GroupRobots;
pub use subscribe::{SendError, SubscribeMessage};
pub use templates::{Choice, Template, TemplateKind};

#[cfg(test)]
mod tests;
