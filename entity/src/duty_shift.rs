//! A duty shift (轮值) of a member at a station.
use domain::ids::{MemberId, PatternId, ShiftId, StationId};
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
    /// Grows with every change that others have to hear of.
    pub version: i32,
    /// The pattern that it came from.
    pub pattern_id: Option<PatternId>,
    /// The day that the pattern names for it.
    pub nominal_on: Option<Date>,
    /// Why it is not held on that day, as people read it.
    pub moved_because: Option<String>,
    /// Whether somebody changed it, so that its pattern leaves it alone.
    pub fixed_by_hand: bool,
    /// How long its slots are; none where nothing can be booked.
    pub slot_minutes: Option<i16>,
    /// How many residents a slot is for.
    pub slot_capacity: Option<i16>,
    /// The last number given to a booking.
    pub last_number: i32,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTimeUtc>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
}

impl Model {
    /// An ordinary shift: of no pattern, and without slots.
    #[must_use]
    pub fn new(
        id: ShiftId,
        (station_id, member_id): (StationId, MemberId),
        kind: ShiftKind,
        (starts_at, ends_at): (DateTimeUtc, DateTimeUtc),
        created_at: DateTimeUtc,
    ) -> Self {
        Self {
            id,
            station_id,
            member_id,
            kind,
            starts_at,
            ends_at,
            created_at,
            version: 1,
            pattern_id: None,
            nominal_on: None,
            moved_because: None,
            fixed_by_hand: false,
            slot_minutes: None,
            slot_capacity: None,
            last_number: 0,
            cancelled_at: None,
            cancel_reason: None,
        }
    }
}

impl ActiveModelBehavior for ActiveModel {}
