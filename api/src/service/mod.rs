//! The use cases of the service, a file per family.
//!
//! A use case opens one transaction, loads, lets `domain` decide, writes, enqueues and commits.
//! It knows neither HTTP nor SQL; each family has its own error.

pub mod absences;
pub mod accounts;
pub mod administration;
pub mod answer_templates;
pub mod answers;
pub mod assignment;
pub mod audit;
pub mod authority;
pub mod board;
pub mod bookings;
pub mod calendar;
pub mod case_body;
pub mod case_export;
pub mod case_history;
pub mod case_holders;
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
pub mod figure_rolls;
pub mod figures;
pub mod founding;
pub mod handovers;
pub mod idempotency;
pub mod intake;
pub mod invitations;
pub mod merging;
pub mod names;
pub mod notices;
pub mod notifications;
pub mod own_password;
pub mod readiness;
pub mod receipt;
pub mod reception_days;
pub mod reception_patterns;
pub mod reception_planner;
pub mod recounting;
pub mod roster;
pub mod routing_simulations;
pub mod scan_card;
pub mod scan_counter;
pub mod scanning;
pub mod sessions;
pub mod slips;
pub mod spreadsheet;
pub mod staff;
#[cfg(test)]
pub(crate) mod stage;
pub mod sweeps;
pub mod terms;
pub mod uploads;
pub mod verification;
pub mod visitor;
