//! Something that WeChat told us by itself.
use domain::ids::PushId;
use domain::vocabulary::PushState;
use sea_orm::entity::prelude::*;

/// Something that WeChat told us by itself.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wechat_pushes")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PushId,
    /// The mini-program.
    pub appid: String,
    /// What it is about; a word of a closed list.
    pub event: String,
    /// What a repetition is known by.
    #[sea_orm(unique)]
    pub dedupe_hash: Vec<u8>,
    /// What a result is matched by.
    pub trace_id: Option<String>,
    /// Where it stands.
    pub state: PushState,
    /// The message, sealed; none once it is done.
    pub body_sealed: Option<Vec<u8>>,
    /// When it came.
    pub received_at: DateTimeUtc,
    /// When it was done.
    pub done_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
