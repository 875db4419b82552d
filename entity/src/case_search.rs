//! A case as it stands in the search index.
use domain::ids::CaseId;
use sea_orm::entity::prelude::*;

/// A case as it stands in the search index.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_search")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// The number by which SQLite's index knows it; PostgreSQL needs none.
    pub doc: Option<i64>,
    /// Which way of cutting made the terms.
    pub segmenter: i32,
    /// The event up to which its history is in them.
    pub event_seq: i32,
    /// What it is found by. Only written and searched: the two databases keep it differently.
    #[sea_orm(column_type = "custom(\"tsvector\")")]
    pub terms: String,
}

impl ActiveModelBehavior for ActiveModel {}
