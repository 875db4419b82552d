//! Lets time work on cases: whoever is due is ticked, each in a transaction of its own.
//!
//! Which cases and in which order is decided here; what time does to one of them is
//! `casework::tick_one`'s, and the rule is `domain::case::tick`.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::future::Future;

use chrono::TimeDelta;
use domain::ids::CaseId;

use crate::service::casework;
use crate::state::AppState;
use crate::store::{StoreError, case_wakes};

/// How many cases are looked up at once.
const BATCH: u64 = 100;

/// A case that can't be ticked waits this long, so that it does not stand before the others.
const SET_ASIDE: TimeDelta = TimeDelta::minutes(10);

/// Ticks every case that is due now.
///
/// # Errors
/// The list of due cases can't be read. A case that fails is logged and set aside.
pub async fn tick_due(state: &AppState) -> Result<(), StoreError> {
    tick_each(state, |state, case_id| async move { casework::tick_one(&state, case_id).await.map(|_| ()) })
        .await
}

async fn tick_each<F, Ticked, E>(state: &AppState, tick_one: F) -> Result<(), StoreError>
where
    F: Fn(AppState, CaseId) -> Ticked,
    Ticked: Future<Output = Result<(), E>>,
    E: StdError + 'static,
{
    let now = state.clock.now();
    let mut seen = HashSet::new();
    loop {
        let due = case_wakes::list_due(state.db.reader(), now, BATCH).await?;
        if due.is_empty() {
            return Ok(());
        }
        for case_id in due {
            // A tick moves the case's next instant on: one that comes back is stuck.
            let stuck = if seen.insert(case_id) {
                tick_one(state.clone(), case_id).await.inspect_err(|error| report(case_id, error)).is_err()
            } else {
                tracing::error!(%case_id, "time worked on a case, and it is due still");
                true
            };
            if stuck {
                case_wakes::postpone(state.db.reader(), case_id, now, now + SET_ASIDE).await?;
            }
        }
    }
}

fn report(case_id: CaseId, error: &(impl StdError + 'static)) {
    let error: &dyn StdError = error;
    tracing::error!(%case_id, error, "time could not work on a case");
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::testing::{bench, monday};

    #[tokio::test]
    async fn a_case_that_fails_or_stays_due_does_not_stand_before_the_others() {
        let bench = bench().await;
        bench.district().await;
        let failing = bench.case(None, Some(monday() - TimeDelta::hours(3))).await;
        let stuck = bench.case(None, Some(monday() - TimeDelta::hours(2))).await;
        let moving = bench.case(None, Some(monday())).await;
        let later = bench.case(None, Some(monday() + TimeDelta::seconds(1))).await;
        let ticked = Mutex::new(Vec::new());
        tick_each(&bench.state, |state, case_id| {
            ticked.lock().unwrap().push(case_id);
            async move {
                if case_id == failing {
                    return Err(StoreError::inconsistent("cases", case_id, "broken"));
                }
                if case_id == moving {
                    let until = state.clock.now() + TimeDelta::days(1);
                    case_wakes::postpone(state.db.reader(), case_id, state.clock.now(), until).await?;
                }
                Ok(())
            }
        })
        .await
        .unwrap();
        assert_eq!(ticked.into_inner().unwrap(), [failing, stuck, moving]);
        bench.clock.advance(SET_ASIDE);
        let due =
            case_wakes::list_due(bench.state.db.reader(), bench.state.clock.now(), BATCH).await.unwrap();
        assert_eq!(due, [later, failing, stuck]);
    }
}
