//! Every rule of the simulator, over real HTTP.
//!
//! A test starts its own simulator on a free port with a clock that stands still, and speaks to it the way
//! a client of WeChat would.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the support code of tests may fail loudly"
)]

mod client;
mod codes;
mod content;
mod drivers;
mod faults;
mod jump_rules;
mod legacy_token;
mod links;
mod login;
mod order_of_checks;
mod phone_number;
mod program;
mod pushes;
mod quota_info;
mod rid;
mod session_key;
mod stable_token;
mod subscribe;
