//! `GET /stations/{id}/roster`

use actix_web::{get, web};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::calendar::{SHANGHAI, shanghai_date};
use domain::ids::StationId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{ApiError, FieldError};
use crate::routes::client_address::ClientAddress;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::directory::{RosterShift, list_roster};
use crate::state::AppState;

problems!(Problems: ValidationFailed);

/// Days shown when nothing is said.
const USUAL_DAYS: u64 = 14;
/// The most days asked for at once.
const MOST_DAYS: i64 = 62;

/// Which days are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DaysQuery {
    /// The first day in Shanghai; today when not given.
    from: Option<NaiveDate>,
    /// The last day, at most 62 in all; 14 days when not given.
    to: Option<NaiveDate>,
}

/// The shifts of a station, by their beginning.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_station_roster",
    params(("id" = StationId, Path, description = "The station."), DaysQuery, PageQuery),
    responses((status = 200, description = "A page of shifts.", body = Page<RosterShift>), Problems)
)]
#[get("/roster")]
pub async fn list_station_roster(
    state: web::Data<AppState>,
    address: ClientAddress,
    id: web::Path<StationId>,
    days: web::Query<DaysQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<RosterShift>>, ApiError> {
    guard::read(&state, address)?;
    let limit = page.limit()?;
    let period = days.period(shanghai_date(state.clock.now()))?;
    let shifts = list_roster(&state, *id, period, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(shifts, limit, |shift| (shift.starts_at, shift.id))))
}

impl DaysQuery {
    /// From the first moment of the first day to the end of the last.
    fn period(&self, today: NaiveDate) -> Result<(DateTime<Utc>, DateTime<Utc>), ApiError> {
        let from = self.from.unwrap_or(today);
        let to = self.to.or_else(|| from.checked_add_days(Days::new(USUAL_DAYS - 1)));
        let days = to.map(|to| (to - from).num_days() + 1).filter(|days| (1..=MOST_DAYS).contains(days));
        let after = to.and_then(|to| to.succ_opt());
        let bounds = days.and_then(|_| Some((midnight(from)?, midnight(after?)?)));
        bounds.ok_or_else(|| {
            ApiError::invalid(vec![FieldError::new(
                "to",
                "out_of_range",
                "最多查询 62 天，且不能早于开始日期。",
            )])
        })
    }
}

fn midnight(date: NaiveDate) -> Option<DateTime<Utc>> {
    let local = date.and_time(NaiveTime::MIN).and_local_timezone(SHANGHAI).single()?;
    Some(local.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(from: Option<&str>, to: Option<&str>) -> Option<(String, String)> {
        let query = DaysQuery { from: from.map(day), to: to.map(day) };
        let (from, until) = query.period(day("2026-11-22")).ok()?;
        Some((from.to_rfc3339(), until.to_rfc3339()))
    }

    #[test]
    fn days_are_counted_in_shanghai_and_both_ends_belong() {
        let bounds = |from: &str, until: &str| Some((from.to_owned(), until.to_owned()));
        assert_eq!(days(None, None), bounds("2026-11-21T16:00:00+00:00", "2026-12-05T16:00:00+00:00"));
        assert_eq!(
            days(Some("2026-12-01"), Some("2026-12-01")),
            bounds("2026-11-30T16:00:00+00:00", "2026-12-01T16:00:00+00:00")
        );
    }

    #[test]
    fn no_day_too_many_and_none_backwards() {
        assert!(days(Some("2026-01-01"), Some("2026-03-03")).is_some());
        assert!(days(Some("2026-01-01"), Some("2026-03-04")).is_none());
        assert!(days(Some("2026-01-02"), Some("2026-01-01")).is_none());
        assert!(days(Some("+262142-12-31"), None).is_none());
    }
}
