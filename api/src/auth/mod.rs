//! Who is calling: tokens, and extractors that have already authorised.
//!
//! A handler that takes a [`Caller`] can't forget the check. Roles are not in the token: they are
//! read (cached) with every request, so that taking one away works at once.

mod caller;

pub use caller::{Caller, MaybeCaller};
