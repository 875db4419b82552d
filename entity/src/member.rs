//! A member (委员).
use domain::ids::{CommitteeId, MemberId, SectorId, UploadId};
use domain::vocabulary::Level;
use sea_orm::entity::prelude::*;

/// A member (委员).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "members")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// The sector he stands for.
    pub sector_id: SectorId,
    /// His name.
    pub name: String,
    /// The name in pinyin without tones or blanks, for search.
    pub name_pinyin: String,
    /// The initials of the pinyin, for search; behind them, with blanks between, other ways to begin it.
    pub name_initials: String,
    /// The level of his committee.
    pub level: Level,
    /// His post or profession.
    pub post: Option<String>,
    /// A few words for residents.
    pub bio: Option<String>,
    /// His portrait.
    pub photo_id: Option<UploadId>,
    /// How many open cases he can carry.
    pub capacity: i32,
    /// When his term ended.
    pub left_on: Option<Date>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
