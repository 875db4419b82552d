//! Figures as they are answered: what happened in a period, as counted by `figure_rolls`, and how things
//! stand now, as the cases themselves say.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::figures::{Figure, median_days};
use domain::ids::{CommitteeId, MemberId, StationId};
use domain::role::Role;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::service::authority::{self, AuthorityError, may_manage};
use crate::service::receipt::Named;
use crate::state::Parts;
use crate::store::case_counts::{OpenCount, open_by_station};
use crate::store::directory::{members, stations};
use crate::store::figures::{self, FigureSum, Whose};
use crate::store::{StoreError, reach};

/// The days that are summed up, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day, in Shanghai.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// What happened in a period. Each number belongs to whom the case was with when it happened; answers that a
/// resident confirms or contests belong to whom it was with when it was answered. A merged case is answered
/// with its leading case and counts there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FigureCounts {
    /// Cases taken in.
    pub received: i64,
    /// Times that a case was given to a member; also one that came from another member.
    pub assigned: i64,
    /// Times that a member handed a case back.
    pub returned: i64,
    /// Cases answered, each at its first answer.
    pub answered: i64,
    /// Those whose first answer came after its due time.
    pub answered_late: i64,
    /// Answers after the first, when a case was taken up again.
    pub answered_again: i64,
    /// Answers that the resident confirmed.
    pub confirmed: i64,
    /// Answers that the resident confirmed in part.
    pub confirmed_partly: i64,
    /// Answers that the resident contested.
    pub contested: i64,
    /// Contested answers that the manager kept.
    pub upheld: i64,
    /// Answers on which the resident did not say a word in time.
    pub unconfirmed: i64,
    /// Cases not taken on.
    pub rejected: i64,
    /// Cases taken back by the resident.
    pub withdrawn: i64,
    /// Times that a case was merged into another one.
    pub merged: i64,
}

/// What came of asking, weeks later, whether it was really done: four numbers that are never added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LookCounts {
    /// Residents asked in the period.
    pub asked: i64,
    /// Those who said in the period that it was done.
    pub confirmed: i64,
    /// Those who said in the period that it was not done, or in part only.
    pub contested: i64,
    /// Those who had not said a word when their time was over, in the period.
    pub unconfirmed: i64,
    /// Those who have been asked and can still say a word now, whatever the period.
    pub claimed: i64,
}

/// How things stand now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NowCounts {
    /// Cases that are open, those that wait for the resident's word included.
    pub open: i64,
    /// Those of them that are due soon.
    pub due_soon: i64,
    /// Those of them whose answer is late.
    pub overdue: i64,
}

/// The figures of a period, and how things stand now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Figures {
    /// The first day of the period, in Shanghai.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// What happened in it.
    pub counts: FigureCounts,
    /// What came of asking again.
    pub second_looks: LookCounts,
    /// In how many calendar days half of the cases that were answered in the period had their first answer,
    /// from the intake on, as residents have waited: nights, holidays and pauses included. In steps of half
    /// a day, rounded up; 120.5 stands for 120 and more, `null` for no answer.
    pub median_days_to_answer: Option<f64>,
    /// How things stand now.
    pub now: NowCounts,
    /// Until when events have been counted; `null` before the first time. At most a minute ago.
    pub counted_at: Option<DateTime<Utc>>,
}

/// The figures of a station.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StationFigures {
    /// The station.
    pub station: Named<StationId>,
    /// Its figures.
    pub figures: Figures,
}

/// The figures of a member.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MemberFigures {
    /// The member.
    pub member: Named<MemberId>,
    /// The member's figures.
    pub figures: Figures,
}

/// The present day in Shanghai.
#[must_use]
pub fn today(state: &Parts) -> NaiveDate {
    shanghai_date(state.clock.now())
}

/// The figures of a station, for who runs it.
///
/// # Errors
/// No such station for this caller; the database does not answer.
pub async fn of_station(
    state: &Parts,
    caller: &Caller,
    id: StationId,
    period: Period,
) -> Result<StationFigures, AuthorityError> {
    let station = authority::manages_station(state, caller, id).await?;
    let figures = Reading::take(state, &Whose::Stations(vec![id]), period).await?;
    let station = Named { id, name: station.name };
    Ok(StationFigures { station, figures: figures.sum_up(|at| at == id) })
}

/// The figures of a committee's stations and of those below it, closed ones included, for its admins: up to
/// `limit` after `last`, in the order in which they were made.
///
/// # Errors
/// No such committee for this caller; the database does not answer.
pub async fn of_committee(
    state: &Parts,
    caller: &Caller,
    id: CommitteeId,
    period: Period,
    last: Option<StationId>,
    limit: u64,
) -> Result<Vec<StationFigures>, AuthorityError> {
    let committees = authority::administers(state, caller, id).await?.below(id);
    let found = stations::list_names(state.db.reader(), &committees, last, limit).await?;
    let ids = found.iter().map(|(id, _)| *id).collect();
    let figures = Reading::take(state, &Whose::Stations(ids), period).await?;
    let stations = found.into_iter().map(|(id, name)| StationFigures {
        station: Named { id, name },
        figures: figures.sum_up(|at| at == id),
    });
    Ok(stations.collect())
}

/// The figures of a member: all of them for the member and for the committee; for who runs a station that
/// the member serves, what happened there.
///
/// # Errors
/// No such member for this caller; the database does not answer.
pub async fn of_member(
    state: &Parts,
    caller: &Caller,
    id: MemberId,
    period: Period,
) -> Result<MemberFigures, AuthorityError> {
    let stations = visible_stations(state, caller, id).await?;
    let name = members::find_name(state.db.reader(), id).await?.ok_or(AuthorityError::Unknown)?;
    let figures = Reading::take(state, &Whose::Member(id, stations), period).await?;
    Ok(MemberFigures { member: Named { id, name }, figures: figures.sum_up(|_| true) })
}

/// At which stations the caller sees what a member does; none named: everywhere.
async fn visible_stations(
    state: &Parts,
    caller: &Caller,
    id: MemberId,
) -> Result<Option<Vec<StationId>>, AuthorityError> {
    if caller.scopes(Role::Member).any(|own| own == id.0) {
        return Ok(None);
    }
    let db = state.db.reader();
    let committees: Vec<CommitteeId> = caller.scopes(Role::CommitteeAdmin).map(CommitteeId).collect();
    if !committees.is_empty() {
        let binding = domain::role::Binding { role: Role::Member, scope_id: id.0 };
        let own = reach::committee_of(db, binding).await?;
        if let Some(own) = own
            && reach::is_at_or_below(db, own, &committees).await?
        {
            return Ok(None);
        }
    }
    let serving: Vec<StationId> =
        members::list_stations_of(db, &[id]).await?.into_iter().map(|station| station.id).collect();
    let mut managed = Vec::new();
    for station in stations::list_by_ids(db, &serving).await? {
        if may_manage(state, caller, station.id, station.committee_id).await? {
            managed.push(station.id);
        }
    }
    if managed.is_empty() { Err(AuthorityError::Unknown) } else { Ok(Some(managed)) }
}

/// What was read for a period, by station.
struct Reading {
    period: Period,
    sums: Vec<FigureSum>,
    open: HashMap<StationId, OpenCount>,
    counted_at: Option<DateTime<Utc>>,
}

impl Reading {
    async fn take(state: &Parts, whose: &Whose, period: Period) -> Result<Self, StoreError> {
        let (db, now) = (state.db.reader(), state.clock.now());
        Ok(Self {
            period,
            sums: figures::sums(db, whose, (period.from, period.to), shanghai_date(now)).await?,
            open: open_by_station(db, whose, now).await?.into_iter().collect(),
            counted_at: figures::progress(db).await?.rolled_at,
        })
    }

    /// The figures of the stations that are asked for.
    fn sum_up(&self, is_wanted: impl Fn(StationId) -> bool) -> Figures {
        let Period { from, to } = self.period;
        let mut counts = FigureCounts::default();
        let mut second_looks = LookCounts::default();
        let mut bins = BTreeMap::new();
        for sum in self.sums.iter().filter(|sum| is_wanted(sum.station_id)) {
            *match sum.figure {
                Figure::Received => &mut counts.received,
                Figure::Assigned => &mut counts.assigned,
                Figure::Returned => &mut counts.returned,
                Figure::Answered => &mut counts.answered,
                Figure::AnsweredLate => &mut counts.answered_late,
                Figure::AnsweredAgain => &mut counts.answered_again,
                Figure::AnswerTime => bins.entry(sum.bin).or_default(),
                Figure::Confirmed => &mut counts.confirmed,
                Figure::ConfirmedPartly => &mut counts.confirmed_partly,
                Figure::Contested => &mut counts.contested,
                Figure::Upheld => &mut counts.upheld,
                Figure::Unconfirmed => &mut counts.unconfirmed,
                Figure::Rejected => &mut counts.rejected,
                Figure::Withdrawn => &mut counts.withdrawn,
                Figure::Merged => &mut counts.merged,
                Figure::LookAsked => &mut second_looks.asked,
                Figure::LookConfirmed => &mut second_looks.confirmed,
                Figure::LookContested => &mut second_looks.contested,
                Figure::LookUnconfirmed if sum.ahead => &mut second_looks.claimed,
                Figure::LookUnconfirmed => &mut second_looks.unconfirmed,
            } += sum.total;
        }
        let mut now = NowCounts::default();
        for (_, open) in self.open.iter().filter(|(id, _)| is_wanted(**id)) {
            now.open += open.open;
            now.due_soon += open.due_soon;
            now.overdue += open.overdue;
        }
        let median_days_to_answer = median_days(&bins);
        let counted_at = self.counted_at;
        Figures { from, to, counts, second_looks, median_days_to_answer, now, counted_at }
    }
}
