//! The harness of the stories: a whole application with its own database, its own WeChat and a clock
//! that moves when told; a story speaks HTTP to it.
//!
//! It knows how to start, drive and stop the service; what the service should do stands in the stories.
//! Start reading at [`story!`], which makes two tests of one story, and [`App`], what a story gets.
//! What a story says to the service (logging in, reporting a matter) goes into files of its own beside
//! `app.rs`, as further `impl App` blocks.
//!
//! A story about a failure has a [`PostgresServer`] or [`RedisServer`] of its own, which it stops, and is told
//! by [`run_with`] a [`Setup`]; one about the process itself runs the service's [`Program`].

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a harness that cannot go on fails its test, with a sentence"
)]

mod app;
mod backend;
mod child;
mod database;
mod dice;
mod district;
mod empty_database;
mod http;
mod instance;
mod leaks;
mod logs;
mod messages;
mod neighbours;
mod operations;
mod patience;
mod postgres;
mod postgres_server;
mod program;
mod pushes;
mod redis_server;
mod settings;
mod setup;
mod sms_gateway;
mod sqlite;
pub mod storm;
mod story;
mod workbook;
pub mod year;

pub use app::{App, morning};
pub use backend::Backend;
pub use dice::Dice;
pub use district::{District, Person};
pub use empty_database::EmptyDatabase;
pub use http::{Answer, Request};
pub use instance::Instance;
pub use neighbours::Neighbours;
pub use operations::{Access, Operation};
pub use patience::eventually;
pub use postgres_server::PostgresServer;
pub use program::{Process, Program};
pub use redis_server::RedisServer;
pub use setup::Setup;
pub use sms_gateway::{GatewayFault, SmsGateway, TextMessage};
pub use story::{run, run_with};
pub use workbook::workbook;
