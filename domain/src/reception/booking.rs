//! What becomes of a booking: one table of who may go where from where.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a booking stands.
    BookingState {
        /// The resident is expected.
        Booked = "booked" "已预约",
        /// The resident has come.
        CheckedIn = "checked_in" "已签到",
        /// The resident did not come.
        NoShow = "no_show" "未到场",
        /// The resident does not want to come any more.
        Cancelled = "cancelled" "已取消",
        /// The reception day does not take place.
        CalledOff = "called_off" "接待日已取消",
    }
}

/// What can be done to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingAction {
    /// The resident gives the place back.
    Cancel,
    /// The manager sees the resident come; also after he was given up.
    CheckIn,
    /// The manager gives the resident up.
    GiveUp,
    /// The reception day is cancelled.
    CallOff,
}

impl BookingState {
    /// The state after an action; none where it is not possible.
    #[must_use]
    pub const fn after(self, action: BookingAction) -> Option<Self> {
        match (self, action) {
            (Self::Booked, BookingAction::Cancel) => Some(Self::Cancelled),
            (Self::Booked | Self::NoShow, BookingAction::CheckIn) => Some(Self::CheckedIn),
            (Self::Booked, BookingAction::GiveUp) => Some(Self::NoShow),
            (Self::Booked, BookingAction::CallOff) => Some(Self::CalledOff),
            _ => None,
        }
    }

    /// Whether it takes a place that nobody else can have.
    #[must_use]
    pub const fn takes_place(self) -> bool {
        match self {
            Self::Booked | Self::CheckedIn | Self::NoShow => true,
            Self::Cancelled | Self::CalledOff => false,
        }
    }
}
