//! Messages that leave the service: by WeChat to whoever agreed, else for staff by a group's robot.
//!
//! [`plan()`] writes what is to be sent, in the transaction of the message that it tells; [`send_due`] sends it,
//! as a job; [`sweep()`] looks after what nobody came back for. What WeChat tells of agreements and of messages
//! comes in by [`super::subscriptions`]. The one invariant: **a call whose answer was lost is never made
//! again**. WeChat notices no repetition, so that a message of unknown fate waits for WeChat's word, then is
//! given up where the operator sees it.

mod choose;
mod compose;
mod plan;
mod second;
mod send;
mod settle;
mod sweep;
mod told;

pub use plan::{Recipient, is_sent, plan};
pub use send::send_due;
pub use sweep::sweep;
pub use told::Told;

pub(super) use settle::failed_later;
