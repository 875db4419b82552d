//! The harness of the stories: a whole application with its own database, its own WeChat and a clock
//! that moves when told; a story speaks HTTP to it.
//!
//! It knows how to start, drive and stop the service; what the service should do stands in the stories.
//! Start reading at [`story!`], which makes two tests of one story, and [`App`], what a story gets.
//! What a story says to the service (logging in, reporting a matter) goes into files of its own beside
//! `app.rs`, as further `impl App` blocks.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a harness that cannot go on fails its test, with a sentence"
)]

mod app;
mod backend;
mod database;
mod district;
mod http;
mod logs;
mod postgres;
mod settings;
mod sqlite;
mod story;

pub use app::{App, morning};
pub use backend::Backend;
pub use district::{District, Person};
pub use http::{Answer, Request};
pub use story::run;
