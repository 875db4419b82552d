//! Everything that runs: HTTP, use cases, storage access, sessions, WeChat, jobs, cache, files.
//!
//! Start reading at [`routes`], the URL map; a request goes from there to a use case in
//! [`service`], which decides with `domain` and reads and writes through [`store`].
//! [`startup`] wires it all up.

pub mod auth;
pub mod cache;
pub mod clock;
pub mod code_commands;
pub mod config;
pub mod doctor;
pub mod error;
pub mod ids;
pub mod jobs;
pub mod limits;
pub mod media;
pub mod metering;
pub mod presence;
pub mod printing;
pub mod reference;
pub mod routes;
pub mod seal;
pub mod service;
pub mod sms;
pub mod startup;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod terminal_qr;
#[cfg(test)]
mod testing;
pub mod wechat;
