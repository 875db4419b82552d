//! A batch of posters that was ordered.
use domain::ids::{AccountId, CodeBatchId, CommitteeId};
use domain::vocabulary::BatchState;
use sea_orm::entity::prelude::*;

/// A batch of posters that was ordered.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "code_batches")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CodeBatchId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// Who ordered it.
    pub account_id: AccountId,
    /// Which codes, and how they are printed.
    pub wanted: Json,
    /// How far it is.
    pub state: BatchState,
    /// How many codes it has.
    pub total: i32,
    /// How many of them are drawn.
    pub done: i32,
    /// How many parts of its file are written.
    pub part: i32,
    /// How long its file is so far.
    pub bytes: i64,
    /// What the next part has to know.
    pub work: Json,
    /// Why it failed, for people.
    pub failure: Option<String>,
    /// When it was ordered.
    pub created_at: DateTimeUtc,
    /// When it was ready, or failed.
    pub finished_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
