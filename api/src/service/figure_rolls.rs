//! Brings the figures forward, and checks them against the history that they are made of.
//!
//! A case stands in the figures up to its event `figures_seq`. [`roll_all`] finds the cases that are behind,
//! adds what their later events say, and moves that number on, all in one transaction: what is in is in
//! once. Intake and actions write no figures, so that the cases of a station don't wait for each other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use domain::calendar::shanghai_date;
use domain::figures::facts;
use domain::ids::CaseId;

use crate::state::AppState;
use crate::store::figures::{self, FigureKey, Progress, Totals, Unrolled};
use crate::store::{StoreError, Transaction};

/// Cases that are brought forward in one transaction.
const BATCH: u64 = 200;
/// Cases whose histories are in memory at once while a day is checked.
const CHECKED_AT_ONCE: usize = 500;
/// Days up to today that every check goes over.
const LAST_DAYS: u64 = 4;
/// Earlier days that a check goes over; the next one takes the days after them.
const EARLIER_DAYS: usize = 4;

/// Brings all cases forward that are behind. One that somebody works on just now waits for the next time.
///
/// # Errors
/// The database does not answer. What was brought forward by then stays so.
pub async fn roll_all(state: &AppState) -> Result<(), StoreError> {
    let now = state.clock.now();
    let mut last = None;
    loop {
        let tx = state.db.begin().await?;
        let progress = figures::lock(&tx).await?;
        let behind = figures::list_unrolled(&tx, last, BATCH).await?;
        last = behind.last().map(|case| case.id);
        roll(&tx, &behind).await?;
        if last.is_none() {
            figures::keep_progress(&tx, Progress { rolled_at: Some(now), ..progress }).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        if last.is_none() {
            return Ok(());
        }
    }
}

async fn roll(tx: &Transaction, behind: &[Unrolled]) -> Result<(), StoreError> {
    let ids: Vec<CaseId> = behind.iter().map(|case| case.id).collect();
    // What is read here can only grow: the lock on the cases is held for no longer than the writing takes.
    let histories = figures::histories(tx, &ids).await?;
    let idle: BTreeSet<CaseId> = figures::lock_idle(tx, &ids).await?.into_iter().collect();
    let mut totals = Totals::new();
    let mut reached: BTreeMap<i32, Vec<CaseId>> = BTreeMap::new();
    for case in behind.iter().filter(|case| idle.contains(&case.id)) {
        let history = histories.get(&case.id).map(Vec::as_slice).unwrap_or_default();
        let new = |seq: i32| seq > case.figures_seq && seq <= case.event_seq;
        for fact in facts(history).iter().filter(|fact| new(fact.seq)) {
            *totals.entry(FigureKey::from(fact)).or_default() += fact.count;
        }
        reached.entry(case.event_seq).or_default().push(case.id);
    }
    figures::add(tx, &totals).await?;
    for (seq, ids) in reached {
        figures::mark_rolled(tx, &ids, seq).await?;
    }
    Ok(())
}

/// A figure that was not what the history says, and is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mended {
    /// Which row.
    pub key: FigureKey,
    /// What stood there.
    pub stood: i64,
    /// What the history says.
    pub is: i64,
}

/// Makes the figures of the last days, and of a few earlier ones, anew from the history, and mends what
/// differs. Each difference is counted and logged: there should be none.
///
/// # Errors
/// The database does not answer. Days that were checked by then stay so.
pub async fn verify(state: &AppState) -> Result<(), StoreError> {
    let now = state.clock.now();
    let db = state.db.reader();
    let checked_to = figures::progress(db).await?.checked_to;
    let plan = plan(shanghai_date(now), figures::first_day(db).await?, checked_to);
    let mut mended = 0;
    for day in plan.last.iter().chain(&plan.earlier) {
        for Mended { key, stood, is } in verify_day(state, *day).await? {
            let FigureKey { day, station_id, member_id, figure, bin } = key;
            tracing::error!(%day, %station_id, %member_id, %figure, bin, stood, is, "a figure was mended");
            mended += 1;
        }
    }
    metrics::counter!("figures_mended_total").increment(mended);
    let tx = state.db.begin().await?;
    let progress = figures::lock(&tx).await?;
    let checked_to = plan.checked_to();
    figures::keep_progress(&tx, Progress { verified_at: Some(now), checked_to, ..progress }).await?;
    tx.commit().await.map_err(StoreError::from)
}

/// The days that one check goes over.
struct Plan {
    last: Vec<NaiveDate>,
    earlier: Vec<NaiveDate>,
}

impl Plan {
    /// From where the next check goes on; from the first day again when this one has come to the last days.
    fn checked_to(&self) -> Option<NaiveDate> {
        self.earlier.last().copied().filter(|_| self.earlier.len() == EARLIER_DAYS)
    }
}

/// The last days, and of those before as many as fit after the ones that were checked last.
fn plan(today: NaiveDate, first: Option<NaiveDate>, checked_to: Option<NaiveDate>) -> Plan {
    let last = (0..LAST_DAYS).filter_map(|back| today.checked_sub_days(Days::new(back))).collect();
    let before = today.checked_sub_days(Days::new(LAST_DAYS)).unwrap_or(today);
    let next = checked_to.and_then(|day| day.succ_opt()).filter(|day| *day <= before).or(first);
    let earlier = next.map(|next| next.iter_days().take_while(|day| *day <= before).take(EARLIER_DAYS));
    Plan { last, earlier: earlier.into_iter().flatten().collect() }
}

/// Compares the figures of a day with the history as far as it is in them, and mends what differs.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn verify_day(state: &AppState, day: NaiveDate) -> Result<Vec<Mended>, StoreError> {
    let tx = state.db.begin().await?;
    // Nobody brings a case forward meanwhile. Cases themselves go on: what happens to them is not in yet.
    figures::lock(&tx).await?;
    let stood = figures::of_day(&tx, day).await?;
    let history = recount(&tx, day).await?;
    let keys: BTreeSet<FigureKey> = stood.keys().chain(history.keys()).copied().collect();
    let of = |totals: &Totals, key| totals.get(key).copied().unwrap_or_default();
    let mended = keys.iter().map(|key| Mended { key: *key, stood: of(&stood, key), is: of(&history, key) });
    let mended: Vec<Mended> = mended.filter(|mended| mended.stood != mended.is).collect();
    let right: Totals = mended.iter().map(|mended| (mended.key, mended.is)).collect();
    figures::replace(&tx, &right).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(mended)
}

/// The figures of a day as the history says.
async fn recount(tx: &Transaction, day: NaiveDate) -> Result<Totals, StoreError> {
    let mut totals = Totals::new();
    for ids in figures::list_cases_of_day(tx, day).await?.chunks(CHECKED_AT_ONCE) {
        let rolled = figures::rolled_seqs(tx, ids).await?;
        for (id, history) in figures::histories(tx, ids).await? {
            let until = rolled.get(&id).copied().unwrap_or_default();
            for fact in facts(&history).iter().filter(|fact| fact.day == day && fact.seq <= until) {
                *totals.entry(FigureKey::from(fact)).or_default() += fact.count;
            }
        }
    }
    totals.retain(|_, total| *total != 0);
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(n)).unwrap()
    }

    #[test]
    fn every_day_has_its_turn() {
        let (first, mut checked_to, mut seen) = (day(0), None, BTreeMap::new());
        for today in 400..700 {
            let plan = plan(day(today), Some(first), checked_to);
            assert_eq!(plan.last, [day(today), day(today - 1), day(today - 2), day(today - 3)]);
            assert!(plan.earlier.len() <= EARLIER_DAYS);
            checked_to = plan.checked_to();
            for day in plan.earlier {
                *seen.entry(day).or_insert(0) += 1;
            }
        }
        assert!((0..400).all(|n| seen.get(&day(n)).is_some_and(|times| *times >= 2)), "again and again");
        assert!(plan(day(9), None, None).earlier.is_empty());
        assert!(plan(day(3), Some(day(0)), None).earlier.is_empty(), "all of them are among the last days");
    }
}
