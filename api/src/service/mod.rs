//! The use cases of the service, a file per family.
//!
//! A use case opens one transaction, loads, lets `domain` decide, writes, enqueues and commits.
//! It knows neither HTTP nor SQL; each family has its own error.

pub mod accounts;
pub mod administration;
pub mod answer_templates;
pub mod answers;
pub mod assignment;
pub mod audit;
pub mod authority;
pub mod board;
pub mod case_body;
pub mod case_history;
pub mod case_lists;
pub mod case_parts;
pub mod case_view;
pub mod casework;
pub mod code_target;
pub mod codes;
pub mod committees;
pub mod deadlines;
pub mod demo;
pub mod directory;
pub mod document;
pub mod drafts;
pub mod duty;
pub mod founding;
pub mod idempotency;
pub mod intake;
pub mod invitations;
pub mod merging;
pub mod names;
pub mod notifications;
pub mod own_password;
pub mod readiness;
pub mod receipt;
pub mod scan_card;
pub mod scan_counter;
pub mod scanning;
pub mod sessions;
pub mod staff;
#[cfg(test)]
pub(crate) mod stage;
pub mod sweeps;
pub mod terms;
pub mod uploads;
pub mod verification;
pub mod visitor;
