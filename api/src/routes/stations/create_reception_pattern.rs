//! `POST /stations/{id}/reception-patterns`

use actix_web::{HttpResponse, post, web};
use chrono::{NaiveDate, NaiveTime, Timelike};
use domain::ids::{MemberId, StationId};
use domain::reception::{DayOffRule, Pattern, Recurrence};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::routes::shifts::SlotBody;
use crate::service::reception_patterns::{self, MOST_MEMBERS, MadePattern, NewPattern};
use crate::service::roster::RosterError;
use crate::state::AppState;

/// A pattern of reception days to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPatternBody {
    /// Which days: `{"every": "month", "days": [10, 20]}` or `{"every": "week", "weekdays": [3]}`.
    recurrence: Recurrence,
    /// What becomes of a day off; `next_working_day` when not given.
    day_off: Option<DayOffRule>,
    /// From, as `HH:MM` in Shanghai.
    starts: String,
    /// Until; `24:00` is midnight.
    ends: String,
    /// Members of the station who take turns, in order; 1 to 60.
    members: Vec<MemberId>,
    /// The first day on which it holds.
    from_on: NaiveDate,
    /// The last one; none when it has no end.
    until_on: Option<NaiveDate>,
    /// How each day is cut for bookings; residents just come when not given.
    slots: Option<SlotBody>,
}

problems!(Problems: ValidationFailed, IdempotencyKeyReused);

/// Makes a pattern of reception days, and with it those of the next two months. For who runs the station.
#[utoipa::path(
    tag = "roster",
    operation_id = "create_reception_pattern",
    params(("id" = StationId, Path, description = "The station."), IdempotencyKeyHeader),
    request_body = NewPatternBody,
    responses((status = 201, description = "The pattern, and what came of it.", body = MadePattern), Problems),
    security(("account" = []))
)]
#[post("/reception-patterns")]
pub async fn create_reception_pattern(
    state: web::Data<AppState>,
    caller: Caller,
    id: web::Path<StationId>,
    key: MaybeIdempotencyKey,
    body: Body<NewPatternBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    let content = [id.0.as_bytes(), &*body.bytes].concat();
    let key = key.request("stations/reception-patterns", Some(caller.account_id), &content);
    let new = body.value.parse()?;
    let made = reception_patterns::add(&state, &caller, *id, new, key.as_ref()).await?;
    Ok(HttpResponse::Created().json(made))
}

impl NewPatternBody {
    fn parse(self) -> Result<NewPattern, ApiError> {
        let mut fields = Fields::default();
        let mut minute = |pointer: &str, text: &str| {
            let minute = read_minute(text);
            if minute.is_none() {
                fields.wrong(pointer, "invalid", "时间应写成“HH:MM”。");
            }
            minute
        };
        let minutes = minute("/starts", &self.starts).zip(minute("/ends", &self.ends));
        let mut each = self.members.clone();
        each.sort_unstable();
        each.dedup();
        if each.len() != self.members.len() || !(1..=MOST_MEMBERS).contains(&each.len()) {
            fields.wrong("/members", "invalid", format!("请选择 1 到 {MOST_MEMBERS} 位委员，且不重复。"));
        }
        let minutes = fields.finish(minutes)?;
        let day_off = self.day_off.unwrap_or(DayOffRule::NextWorkingDay);
        let pattern = Pattern::new(self.recurrence.clone(), day_off, self.from_on, self.until_on)
            .map_err(RosterError::from)?;
        Ok(NewPattern {
            pattern,
            recurrence: self.recurrence,
            day_off,
            period: (self.from_on, self.until_on),
            minutes,
            members: self.members,
            slots: self.slots.map(SlotBody::pair),
        })
    }
}

/// Minutes after midnight.
fn read_minute(text: &str) -> Option<i16> {
    if text == "24:00" {
        return Some(24 * 60);
    }
    if text.len() != 5 {
        return None;
    }
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    i16::try_from(time.num_seconds_from_midnight() / 60).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_hours_and_minutes() {
        for (text, minute) in [("09:00", 540), ("11:30", 690), ("00:00", 0), ("24:00", 1440), ("23:59", 1439)]
        {
            assert_eq!(read_minute(text), Some(minute), "{text}");
        }
        for text in ["", "9:00", "09:60", "24:01", "09-00", "09:00:00", "上午九点"] {
            assert_eq!(read_minute(text), None, "{text}");
        }
    }
}
