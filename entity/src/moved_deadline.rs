//! A deadline that a corrected calendar has moved.
use domain::case::CaseClock;
use domain::ids::{CaseId, RevisionId};
use sea_orm::entity::prelude::*;

/// A deadline that a corrected calendar has moved.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "moved_deadlines")]
pub struct Model {
    /// The import that moved it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision_id: RevisionId,
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// Which of its deadlines.
    #[sea_orm(primary_key, auto_increment = false)]
    pub clock: CaseClock,
    /// When it was before.
    pub was_due_at: DateTimeUtc,
    /// When it was after.
    pub due_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
