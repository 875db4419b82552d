//! A duty shift (轮值) of a member at a station.
use domain::ids::{MemberId, ShiftId, StationId};
use domain::vocabulary::ShiftKind;
use sea_orm::entity::prelude::*;

/// A duty shift (轮值) of a member at a station.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_shifts")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShiftId,
    /// Where.
    pub station_id: StationId,
    /// Who.
    pub member_id: MemberId,
    /// Duty or reception day.
    pub kind: ShiftKind,
    /// From.
    pub starts_at: DateTimeUtc,
    /// Until, exclusive.
    pub ends_at: DateTimeUtc,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
