//! Real servers for tests.

pub mod redis_server;
