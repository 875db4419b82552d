//! A reception day cut into slots of equal length, each for a few residents.

use chrono::{DateTime, TimeDelta, Utc};

/// Why a day can't be cut so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// Slots are 5 to 240 minutes long.
    #[error("a slot is 5 to 240 minutes long")]
    Minutes,
    /// A slot is for 1 to 50 residents.
    #[error("a slot is for 1 to 50 residents")]
    Capacity,
    /// Not one slot fits between the beginning and the end.
    #[error("no slot fits into the day")]
    TooShort,
}

/// The slots of one reception day; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    minutes: i16,
    capacity: i16,
}

impl Slots {
    /// Cuts a day; what is left at its end is nobody's.
    ///
    /// # Errors
    /// [`SlotError`]
    pub fn new(
        (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
        minutes: i16,
        capacity: i16,
    ) -> Result<Self, SlotError> {
        if !(5..=240).contains(&minutes) {
            return Err(SlotError::Minutes);
        }
        if !(1..=50).contains(&capacity) {
            return Err(SlotError::Capacity);
        }
        if ends_at - starts_at < TimeDelta::minutes(i64::from(minutes)) {
            return Err(SlotError::TooShort);
        }
        Ok(Self { starts_at, ends_at, minutes, capacity })
    }

    /// How long a slot is.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.minutes))
    }

    /// How many residents a slot is for.
    #[must_use]
    pub fn capacity(&self) -> i16 {
        self.capacity
    }

    /// When the slots begin, in order.
    pub fn beginnings(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let (length, ends_at) = (self.length(), self.ends_at);
        std::iter::successors(Some(self.starts_at), move |at| at.checked_add_signed(length))
            .take_while(move |at| at.checked_add_signed(length).is_some_and(|end| end <= ends_at))
    }

    /// Whether a slot begins at this instant.
    #[must_use]
    pub fn begins_at(&self, at: DateTime<Utc>) -> bool {
        self.beginnings().any(|beginning| beginning == at)
    }
}
