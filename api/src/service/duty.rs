//! Who is on duty at a station now, and when the next reception day is.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{MemberId, ShiftId, StationId};
use serde::{Deserialize, Serialize};

use super::directory::SectorName;
use crate::store::directory::members::MemberRow;
use crate::store::rosters::{self, ShiftRow};
use crate::store::{Database, StoreError};

/// How far ahead a change of duty is looked for; what is cached lives much shorter.
const HORIZON: TimeDelta = TimeDelta::hours(24);

/// A member on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OnDuty {
    /// Who.
    pub member_id: MemberId,
    /// The member's name.
    pub name: String,
    /// The sector.
    pub sector: SectorName,
    /// Post or profession.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// When the shift ends.
    pub until: DateTime<Utc>,
}

/// A day on which residents may come in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReceptionDay {
    /// Key, for booking.
    pub id: ShiftId,
    /// Whether residents book slots; else they just come.
    pub bookable: bool,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// Who receives.
    pub member: Receiver,
}

/// The member who receives residents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receiver {
    /// Key.
    pub id: MemberId,
    /// The member's name.
    pub name: String,
    /// The sector.
    pub sector: SectorName,
    /// Post or profession.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

impl From<MemberRow> for Receiver {
    fn from(row: MemberRow) -> Self {
        Self { id: row.id, name: row.name, sector: row.sector.into(), post: row.post }
    }
}

/// The duty at one station at one moment.
#[derive(Debug, Clone)]
pub struct Duty {
    /// Who is there, by the beginning of the shifts.
    pub on_duty: Vec<OnDuty>,
    /// The reception day that runs or comes next.
    pub next_reception_day: Option<ReceptionDay>,
    /// When the answer changes next, as far as can be seen.
    pub changes_at: Option<DateTime<Utc>>,
}

impl Duty {
    /// Reads it; two statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(db: &Database, station_id: StationId, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let shifts = rosters::list_around(db.reader(), station_id, now, now + HORIZON).await?;
        let reception = rosters::find_next_reception_day(db.reader(), station_id, now).await?;
        Ok(Self::from_shifts(shifts, reception, now))
    }

    /// The members that it names.
    pub fn members(&self) -> impl Iterator<Item = MemberId> {
        let receiver = self.next_reception_day.iter().map(|day| day.member.id);
        self.on_duty.iter().map(|on_duty| on_duty.member_id).chain(receiver)
    }

    fn from_shifts(shifts: Vec<ShiftRow>, reception: Option<ShiftRow>, now: DateTime<Utc>) -> Self {
        let bounds = shifts.iter().chain(&reception).flat_map(|shift| [shift.starts_at, shift.ends_at]);
        let changes_at = bounds.filter(|at| *at > now).min();
        let mut on_duty: Vec<OnDuty> = Vec::new();
        for shift in shifts.into_iter().filter(|shift| shift.starts_at <= now) {
            match on_duty.iter_mut().find(|known| known.member_id == shift.member.id) {
                Some(known) => known.until = known.until.max(shift.ends_at),
                None => on_duty.push(OnDuty {
                    member_id: shift.member.id,
                    name: shift.member.name,
                    sector: shift.member.sector.into(),
                    post: shift.member.post,
                    until: shift.ends_at,
                }),
            }
        }
        let next_reception_day = reception.map(|shift| ReceptionDay {
            id: shift.id,
            bookable: shift.slot_minutes.is_some(),
            starts_at: shift.starts_at,
            ends_at: shift.ends_at,
            member: shift.member.into(),
        });
        Self { on_duty, next_reception_day, changes_at }
    }
}
