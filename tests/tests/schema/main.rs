//! The schema: it can be made, undone and made again; it is what the entities say; and the service starts
//! on no other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod entities;
mod program;
mod recorded;
mod up_and_down;
