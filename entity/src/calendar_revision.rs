//! A year of the calendar as an administrator has imported it; never changed but for how far its cases are.
use domain::ids::{AccountId, CaseId, RevisionId};
use sea_orm::entity::prelude::*;

/// A year of the calendar as an administrator has imported it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_revisions")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RevisionId,
    /// The year.
    pub year: i32,
    /// Counts the versions of the year.
    pub version: i32,
    /// A `YearTable`.
    pub year_table: Json,
    /// Who imported it.
    pub account_id: Option<AccountId>,
    /// The last case whose deadlines were counted again.
    pub after_case_id: Option<CaseId>,
    /// Cases that could not be counted, in the last pass.
    pub failed: i32,
    /// When all open cases had been counted again.
    pub finished_at: Option<DateTimeUtc>,
    /// From when it holds.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
