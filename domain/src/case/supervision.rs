//! How high a case has been raised (督办): who is told to look after it.

/// The levels to which a case is raised, by their number in storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Supervision {
    /// The managers of its station.
    Station = 1,
    /// Its committee.
    Committee = 2,
    /// The committee above, where there is one.
    Above = 3,
}

impl Supervision {
    /// The highest.
    pub const HIGHEST: Self = Self::Above;

    /// The number in storage.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// Whether a case that has been raised to this number has come to this level.
    #[must_use]
    pub const fn is_reached_by(self, number: i16) -> bool {
        number >= self.number()
    }
}
