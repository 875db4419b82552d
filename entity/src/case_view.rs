//! How far a member of staff has seen a case's history.
use domain::ids::{AccountId, CaseId};
use sea_orm::entity::prelude::*;

/// How far a member of staff has seen a case's history.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_views")]
pub struct Model {
    /// Who saw it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// The last event that was there then.
    pub seen_seq: i32,
    /// When.
    pub seen_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
