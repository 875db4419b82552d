//! Access to the database: every query of the service, a file per family of tables.
//!
//! Functions take a [`Connection`](sea_orm::ConnectionTrait) or a transaction alike. Whatever a
//! caller may not see is filtered here, so that nobody above writes a bare `find()`. Where the two
//! databases differ, the difference sits in one small place with a comment.

mod connect;
mod error;
pub mod health;

pub use connect::{Database, Transaction};
pub use error::StoreError;
