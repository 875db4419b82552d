//! The stories: what the service promises, told over HTTP, each on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod administration;
mod answers;
mod bad_input;
mod calendar;
mod code_batches;
mod codes;
mod content;
mod desk;
mod directory;
mod drafts;
mod edge;
mod exports;
mod faults;
mod figures;
mod gates;
mod holders;
mod limits;
mod lists;
mod main_line;
mod me;
mod merging;
mod messages;
mod mini_programs;
mod openapi;
mod permissions;
mod phone_reveals;
mod pictures;
mod poster_reports;
mod posters;
mod presence;
mod pushes;
mod races;
mod raising;
mod reception;
mod repeats;
mod scans;
mod search;
mod second_looks;
mod sessions;
mod signing_off;
mod splitting;
mod statements;
mod taken_up_again;
mod uploads;
mod worklist;
mod year;
