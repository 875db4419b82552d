//! The calendar and the terms that decisions are made by.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use domain::calendar::{CalendarError, CalendarHistory, WorkCalendar};
use domain::case::{Context, Presence};
use domain::deadline::{OwnTerms, Terms};

use crate::state::Parts;
use crate::store::case_terms::CaseTerms;
use crate::store::{self, StoreError};

/// The working days as this process knows them: what is shipped, with the administrator's corrections.
#[derive(Debug)]
pub struct Calendars {
    known: RwLock<Known>,
}

#[derive(Debug, Clone)]
struct Known {
    history: Arc<CalendarHistory>,
    /// The last of them: nearly everybody wants no other.
    current: Arc<WorkCalendar>,
}

impl From<CalendarHistory> for Known {
    fn from(history: CalendarHistory) -> Self {
        Self { current: Arc::new(history.current().clone()), history: Arc::new(history) }
    }
}

impl Calendars {
    /// The shipped calendar.
    ///
    /// # Errors
    /// The shipped data is broken (a test makes sure that it is not).
    pub fn shipped() -> Result<Self, CalendarError> {
        let shipped = CalendarHistory::new(WorkCalendar::shipped()?, &[], &[])?;
        Ok(Self { known: RwLock::new(shipped.into()) })
    }

    /// The calendar that holds now.
    #[must_use]
    pub fn current(&self) -> Arc<WorkCalendar> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).current.clone()
    }

    /// Which calendar held when.
    #[must_use]
    pub fn history(&self) -> Arc<CalendarHistory> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).history.clone()
    }
}

/// Puts the shipped calendar with the corrections that are stored in force. Every process does so when
/// it starts and then again and again: a correction by another one holds within a minute.
///
/// # Errors
/// The database does not answer; the calendar stays what it was.
pub async fn refresh(state: &Parts) -> Result<(), RefreshError> {
    let db = state.db.reader();
    let years = store::calendar::list_years(db).await?;
    let corrections = store::calendar::list_corrections(db).await?;
    let history = CalendarHistory::new(WorkCalendar::shipped()?, &years, &corrections)?;
    if *state.calendars.history() != history {
        *state.calendars.known.write().unwrap_or_else(PoisonError::into_inner) = history.into();
    }
    Ok(())
}

/// The calendar could not be refreshed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The shipped data is broken.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a decision on a case with these terms depends on.
#[must_use]
pub fn context<'a>(calendar: &'a WorkCalendar, terms: CaseTerms, now: DateTime<Utc>) -> Context<'a> {
    let category =
        OwnTerms { accept_days: terms.accept_days, respond_days: terms.respond_days, ..OwnTerms::default() };
    Context {
        calendar,
        terms: category.over(terms.committee.over(Terms::default())),
        now,
        members_may_dispatch: terms.members_may_dispatch,
        leader: None,
        leads: false,
        presence: Presence::Here,
        signs_off: terms.signs_off,
        submitted: None,
    }
}

#[cfg(test)]
mod tests {
    use entity::calendar_day;
    use sea_orm::{ActiveModelTrait, IntoActiveModel};

    use super::*;
    use crate::testing::{bench, monday};

    #[tokio::test]
    async fn a_corrected_day_moves_what_is_due_after_it() {
        let bench = bench().await;
        let (state, tuesday) = (&bench.state, monday().date_naive().succ_opt().unwrap());
        let next_working_day =
            || state.calendars.current().end_of_working_day_after(monday(), 1).date_naive();
        assert_eq!(next_working_day(), tuesday);

        let closed = calendar_day::Model {
            day: tuesday,
            is_working: false,
            note: None,
            account_id: None,
            created_at: monday(),
        };
        closed.into_active_model().insert(state.db.reader()).await.unwrap();
        assert_eq!(next_working_day(), tuesday, "not known yet");
        refresh(state).await.unwrap();

        assert_eq!(next_working_day(), tuesday.succ_opt().unwrap());
    }
}
