//! The roster, and reception days: shifts, absences and handovers; patterns, bookings, and the counter.

mod bookings;
mod counter;
mod patterns;
mod roster;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tests::{App, District, Person};

/// 09:00 in Shanghai, so many days after the story begins.
fn nine(app: &App, days: i64) -> DateTime<Utc> {
    app.now().date_naive().and_time("01:00:00".parse().unwrap()).and_utc() + TimeDelta::days(days)
}

/// A reception day of the colleague from 9:00 to 11:00 in so many days, in slots of half an hour for two.
async fn reception_day(app: &App, district: &District, manager: &Person, days: i64) -> Value {
    let starts_at = nine(app, days);
    let body = json!({
        "member_id": district.colleague, "kind": "reception_day",
        "starts_at": starts_at, "ends_at": starts_at + TimeDelta::hours(2),
        "slots": { "minutes": 30, "capacity": 2 },
    });
    let path = format!("/api/v1/stations/{}/roster", district.station);
    app.post(&path).bearer(&manager.token).json(&body).await.expect_status(201)
}

fn bookings_path(day: &Value) -> String {
    format!("/api/v1/reception-days/{}/bookings", day["id"].as_str().unwrap())
}

/// The titles of somebody's messages, newest first.
async fn titles(app: &App, person: &Person) -> Vec<String> {
    app.inbox(person).await.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}
