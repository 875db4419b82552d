//! A pattern by which a station's reception days come again.
use domain::ids::{AccountId, PatternId, StationId};
use domain::reception::DayOffRule;
use sea_orm::entity::prelude::*;

/// A pattern by which a station's reception days come again.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reception_patterns")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatternId,
    /// Where.
    pub station_id: StationId,
    /// Which days it names.
    pub recurrence: Json,
    /// What becomes of a day off.
    pub day_off: DayOffRule,
    /// Who takes turns, in order: an array of member ids.
    pub members: Json,
    /// From, in minutes after midnight in Shanghai.
    pub starts_minute: i16,
    /// Until, in the same.
    pub ends_minute: i16,
    /// How long slots are; none where nothing can be booked.
    pub slot_minutes: Option<i16>,
    /// How many residents a slot is for.
    pub slot_capacity: Option<i16>,
    /// Its first day.
    pub from_on: Date,
    /// Its last day.
    pub until_on: Option<Date>,
    /// Who made it.
    pub account_id: Option<AccountId>,
    /// When it was ended.
    pub ended_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
