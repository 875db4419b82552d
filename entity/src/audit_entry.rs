//! Something that an administrator did; never changed.
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{AccountId, CommitteeId};
use sea_orm::entity::prelude::*;

/// Something that an administrator did; never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    /// Its place in the log, from 1 without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// When.
    pub at: DateTimeUtc,
    /// Who; nobody for what was done on the command line.
    pub account_id: Option<AccountId>,
    /// The tenant.
    pub committee_id: Option<CommitteeId>,
    /// What was done.
    pub action: AuditAction,
    /// To what kind of thing.
    pub target: AuditTarget,
    /// To which one.
    pub target_id: Uuid,
    /// What it was before and after.
    pub detail: Json,
    /// A keyed hash over this row and the hash of the one before.
    pub hash: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
