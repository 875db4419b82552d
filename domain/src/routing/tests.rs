//! Routing told as stories in one small district, and properties over many made-up ones.

mod district;
mod properties;
mod simulation;
mod stories_member;
mod stories_station;
mod wording;
