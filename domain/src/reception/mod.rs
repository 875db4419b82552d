//! Reception days (委员接待日): when they are, into which slots they are cut, and what becomes of a booking.
//!
//! Knows neither stations nor members: a pattern gives dates, whoever asks gives them people. Start
//! reading at [`Pattern::plan`].

mod booking;
mod pattern;
mod slots;
#[cfg(test)]
mod tests;

pub use booking::{BookingAction, BookingState};
pub use pattern::{DayOffRule, Moved, MovedBecause, Pattern, PatternError, Planned, Recurrence};
pub use slots::{SlotError, Slots};
