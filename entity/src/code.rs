//! A printed code (码).
use domain::ids::{CodeId, CommitteeId, MemberId, StationId};
use domain::vocabulary::{CodeKind, CodeState};
use sea_orm::entity::prelude::*;

/// A printed code (码).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "codes")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CodeId,
    /// What stands in the printed link.
    pub token: String,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// What it points to.
    pub kind: CodeKind,
    /// Its station.
    pub station_id: StationId,
    /// The member, for a member's code.
    pub member_id: Option<MemberId>,
    /// Whether it works.
    pub state: CodeState,
    /// Where it hangs.
    pub placed_at: Option<String>,
    /// The print run.
    pub batch: Option<String>,
    /// How often it was scanned.
    pub scan_count: i64,
    /// The code that took its place.
    pub replacement_id: Option<CodeId>,
    /// Why it was revoked.
    pub revoked_reason: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
