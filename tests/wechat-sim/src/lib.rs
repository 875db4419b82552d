//! A simulator of WeChat's servers, as strict as their documentation, for tests and the local run.
//!
//! It answers the server APIs of one mini-program with WeChat's shapes, numbers and words, and offers
//! drivers under `/__sim/` that stand for the phone in a user's hand (log in, scan, press the phone button)
//! and for trouble (faults, another deployment, time passing). What a client of WeChat does, it does here
//! over real HTTP; it cannot tell the difference. Nothing outlives the process, except that a user's openid
//! follows from the user's name.
//!
//! ```
//! use wechat_sim::{Fault, FaultKind, SimOptions, Simulator};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let wechat = Simulator::start(SimOptions::new("wx0123456789abcdef", "a secret"))?;
//! let js_code = wechat.sim().login("demo-resident")?;
//! wechat.sim().order(Fault::once("/sns/jscode2session", FaultKind::DropAfter))?;
//! // … the client under test calls `wechat.base_url()` with `js_code` …
//! assert_eq!(wechat.sim().calls("/sns/jscode2session"), 0);
//! # assert_eq!(js_code.len(), 32);
//! wechat.stop().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Where to start reading: [`SimHandle`] for what can be driven; `endpoints` for the APIs and the order of
//! checks; `dispatch` for the way of a call through faults and answers; `state` for what is remembered.

mod clock;
mod dispatch;
mod drivers;
mod endpoints;
mod faults;
mod handle;
mod handle_messages;
mod options;
mod picture;
mod push;
mod random;
mod scan;
mod server;
mod state;
mod values;
mod wire;

pub use clock::ClockMode;
pub use faults::{Fault, FaultKind, Moment, Times};
pub use handle::{DriverError, SimHandle};
pub use options::SimOptions;
pub use push::{ATTEMPTS, Delivery, MediaOutcome, PushFormat, PushMode, PushOptions, PushTarget};
pub use scan::{ClaimsBelow, Opening, ScanQuery, ScanRule, Version};
pub use server::{RunningSimulator, Simulator};
pub use state::groups::Said;
pub use state::quotas::Quota;
pub use state::settings::Settings;
pub use state::subscriptions::{ArrivedMessage, SubscribeEvent};
pub use state::templates::{KeywordWords, SubscribeTemplate};
pub use state::users::{User, UserSpec, openid_of};
pub use values::takes_value;
