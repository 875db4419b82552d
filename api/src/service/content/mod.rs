//! The content check: what people write and send is looked at before others than staff see it.
//!
//! `domain::content::examiner` is the rule. [`plan`] starts a check after the event that brought the piece,
//! in a job, so that no intake waits for WeChat; [`check_event`] asks; [`settle()`] writes down what came out,
//! and [`decide`] what a person said. A case is in the hands of its staff all the while, and its clocks run.

mod check;
mod held;
mod links;
mod settle;

pub use check::{check_event, plan};
pub use held::{Decided, HeldContent, HeldError, decide, list_held};
pub use links::open_linked;
pub use settle::{Verdict, settle, settle_traced, sweep_due};

use chrono::TimeDelta;

/// After this long without a result a person looks. WeChat promises one within 30 minutes; the link by
/// which it fetches a picture ends with it.
const PATIENCE: TimeDelta = TimeDelta::minutes(45);

/// What residents read in place of words that are held back.
pub const IN_PLACE: &str = "该内容正在由工作人员审核或不予显示。您反映的事项照常办理。";
