//! A message about a shift or a booking: part of the in-app inbox.
use domain::ids::{AccountId, BookingId, NoticeId, ShiftId};
use sea_orm::entity::prelude::*;

/// A message about a shift or a booking: part of the in-app inbox.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    /// To whom.
    pub account_id: AccountId,
    /// The shift.
    pub shift_id: ShiftId,
    /// The booking.
    pub booking_id: Option<BookingId>,
    /// Which text.
    pub template: String,
    /// Title and text.
    pub body: Json,
    /// When it was read.
    pub read_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
