//! A resident's place on a reception day.
use domain::ids::{AccountId, BookingId, CaseId, ShiftId};
use domain::reception::BookingState;
use sea_orm::entity::prelude::*;

/// A resident's place on a reception day.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bookings")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingId,
    /// The reception day.
    pub shift_id: ShiftId,
    /// Whose it is; nobody's after an erasure.
    pub account_id: Option<AccountId>,
    /// The number on the day, from 1.
    pub number: i32,
    /// When the slot begins.
    pub starts_at: DateTimeUtc,
    /// When it ends.
    pub ends_at: DateTimeUtc,
    /// Where it stands.
    pub state: BookingState,
    /// Name, phone and topic: sealed personal data.
    pub contact_sealed: Option<Vec<u8>>,
    /// The case that was taken in there.
    pub case_id: Option<CaseId>,
    /// When the resident came.
    pub checked_in_at: Option<DateTimeUtc>,
    /// When it was cancelled, called off or given up.
    pub ended_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
