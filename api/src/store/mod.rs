//! Access to the database: every query of the service, a file per family of tables.
//!
//! Functions take a [`Connection`](sea_orm::ConnectionTrait) or a transaction alike. Whatever a
//! caller may not see is filtered here, so that nobody above writes a bare `find()`. Where the two
//! databases differ, the difference sits in one small place with a comment.

pub mod absences;
pub mod account_phones;
pub mod accounts;
pub mod administration;
pub mod answer_templates;
pub mod answers;
pub mod audit;
pub mod bookings;
pub mod calendar;
pub mod case_counts;
pub mod case_filter;
pub mod case_intake;
pub mod case_lists;
pub mod case_pages;
pub mod case_parts;
pub mod case_search;
mod case_spans;
pub mod case_terms;
pub mod case_views;
pub mod case_wakes;
pub mod caseloads;
pub mod cases;
pub mod code_batches;
pub mod code_scans;
pub mod codes;
pub mod committee_rules;
pub mod committees;
mod connect;
pub mod consents;
pub mod content_checks;
pub mod credentials;
pub mod deliveries;
pub mod demo;
pub mod directory;
#[cfg(test)]
pub(crate) mod district;
pub mod drafts;
pub mod durability;
mod error;
pub mod expired;
pub mod figures;
pub mod filter_counts;
pub mod followers;
pub mod handovers;
pub mod health;
pub mod idempotency;
pub mod invitations;
mod job;
pub mod message_pauses;
pub mod messages;
pub mod migrate;
pub mod moved_deadlines;
pub mod names;
pub mod notices;
pub mod outbox;
mod padded;
pub mod parties;
pub mod past_cases;
pub mod personal;
pub mod poster_reports;
pub mod reach;
pub mod reception_patterns;
pub mod refresh_tokens;
pub mod rosters;
pub mod routing_snapshot;
pub mod rows;
pub mod saved_views;
pub mod search;
pub mod second_looks;
pub mod shifts;
pub mod spellings;
pub mod staff;
pub mod subscriptions;
pub mod unknown_codes;
pub mod uploads;
pub mod wechat_pushes;

pub use connect::{Database, Transaction};
pub use error::StoreError;
pub use job::{Job, UnknownJob};
use padded::padded;
/// A connection or a transaction: what queries run on.
pub use sea_orm::ConnectionTrait as Connection;
