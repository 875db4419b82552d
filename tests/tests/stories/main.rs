//! The stories: what the service promises, told over HTTP, each on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod edge;
mod main_line;
mod openapi;
mod races;
mod repeats;
