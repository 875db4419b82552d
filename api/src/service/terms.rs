//! The calendar and the terms that decisions are made by.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use domain::calendar::{CalendarError, WorkCalendar};
use domain::case::Context;
use domain::deadline::Terms;

use crate::store::case_terms::CaseTerms;

/// The working days as this process knows them: what is shipped, with the administrator's corrections.
#[derive(Debug)]
pub struct Calendars {
    current: RwLock<Arc<WorkCalendar>>,
}

impl Calendars {
    /// The shipped calendar.
    ///
    /// # Errors
    /// The shipped data is broken (a test makes sure that it is not).
    pub fn shipped() -> Result<Self, CalendarError> {
        Ok(Self { current: RwLock::new(Arc::new(WorkCalendar::shipped()?.clone())) })
    }

    /// The calendar that holds now.
    #[must_use]
    pub fn current(&self) -> Arc<WorkCalendar> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a corrected calendar in force.
    pub fn replace(&self, calendar: WorkCalendar) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(calendar);
    }
}

/// What a decision on a case with these terms depends on.
#[must_use]
pub fn context<'a>(calendar: &'a WorkCalendar, terms: CaseTerms, now: DateTime<Utc>) -> Context<'a> {
    let defaults = Terms::default();
    Context {
        calendar,
        terms: Terms {
            accept_days: terms.accept_days.unwrap_or(defaults.accept_days),
            respond_days: terms.respond_days.unwrap_or(defaults.respond_days),
            ..defaults
        },
        now,
        members_may_dispatch: terms.members_may_dispatch,
    }
}
