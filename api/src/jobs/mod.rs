//! Work that is done after the commit: what the outbox holds, who takes it, and when again.
//!
//! A use case enqueues a [`Job`] with [`crate::store::outbox::enqueue`] in its own transaction and
//! calls [`Wake::wake`] after the commit. The [`Runner`] claims jobs under a lease, so that a
//! process that dies loses nothing: handlers are idempotent. Start reading at [`Job`].

mod backoff;
mod failure;
mod handle;
mod run_due;
mod runner;
#[cfg(test)]
mod tests;
mod tick;
mod wake;

pub use crate::store::{Job, UnknownJob};
pub use backoff::{MAX_ATTEMPTS, delay_after};
pub use failure::JobError;
pub use run_due::{RunReport, run_due};
pub use runner::Runner;
pub use tick::Tick;
pub use wake::Wake;
