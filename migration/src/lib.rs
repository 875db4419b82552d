//! The history of the schema, one change a file, the same on PostgreSQL and SQLite.
//!
//! A migration is plain SQL in PostgreSQL's type names; [`ddl`] translates the names for SQLite.
//! It never imports `entity`: an old migration must not change its meaning when a model does.
//! Changes go in three steps, so that the old version can run beside the new one: expand, move,
//! contract. Every migration can be undone (tested up, down, up on both databases).

pub use sea_orm_migration::prelude::*;

mod ddl;
mod m20261122_000001_directory;
mod m20261122_000002_accounts;
mod m20261122_000003_codes_and_rosters;
mod m20261122_000004_cases;
mod m20261122_000005_jobs;
mod m20261122_000006_calendar;
mod m20261124_000007_cases_of_codes;
mod m20261125_000008_merging;
mod m20261125_000009_reception_days;
mod m20261125_000010_members_list;
mod m20261125_000011_audit;
mod m20261125_000012_parts;
mod m20261125_000013_calendar;
mod m20261125_000014_figures;
mod m20261125_000015_search;
mod m20261125_000016_views;
mod m20261126_000017_pushes_and_content;
mod m20261126_000018_deliveries;
mod m20261126_000020_dispatched;
mod m20261127_000021_account_phones;
mod m20261127_000022_confirm_reminder;
mod m20261127_000023_parts_due;
mod m20261130_000024_code_scans;
mod m20261201_000025_code_batches;
mod m20261201_000026_poster_reports;

/// All migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_directory::Migration),
            Box::new(m20261122_000002_accounts::Migration),
            Box::new(m20261122_000003_codes_and_rosters::Migration),
            Box::new(m20261122_000004_cases::Migration),
            Box::new(m20261122_000005_jobs::Migration),
            Box::new(m20261122_000006_calendar::Migration),
            Box::new(m20261124_000007_cases_of_codes::Migration),
            Box::new(m20261125_000008_merging::Migration),
            Box::new(m20261125_000009_reception_days::Migration),
            Box::new(m20261125_000010_members_list::Migration),
            Box::new(m20261125_000011_audit::Migration),
            Box::new(m20261125_000012_parts::Migration),
            Box::new(m20261125_000013_calendar::Migration),
            Box::new(m20261125_000014_figures::Migration),
            Box::new(m20261125_000015_search::Migration),
            Box::new(m20261125_000016_views::Migration),
            Box::new(m20261126_000017_pushes_and_content::Migration),
            Box::new(m20261126_000018_deliveries::Migration),
            Box::new(m20261126_000020_dispatched::Migration),
            Box::new(m20261127_000021_account_phones::Migration),
            Box::new(m20261127_000022_confirm_reminder::Migration),
            Box::new(m20261127_000023_parts_due::Migration),
            Box::new(m20261130_000024_code_scans::Migration),
            Box::new(m20261201_000025_code_batches::Migration),
            Box::new(m20261201_000026_poster_reports::Migration),
        ]
    }
}
