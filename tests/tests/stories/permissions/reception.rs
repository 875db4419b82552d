//! What is tried on shifts, reception days and the counter: made anew for every call, straight in the
//! database, so that only who calls can be in its way.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ids::{AbsenceId, BookingId, HandoverId, PatternId, ShiftId};
use domain::reception::{BookingState, DayOffRule};
use domain::vocabulary::{HandoverState, ShiftKind};
use entity::{absence, booking, duty_shift, reception_pattern, shift_handover};
use reqwest::Method;
use serde_json::{Value, json};
use tests::Request;

use super::people::World;

impl World<'_> {
    /// A call at a shift, a reception day or the counter; none for any other row.
    pub async fn reception_request(&mut self, row: &str) -> Option<Request> {
        let key = self.next_key();
        let app = self.app;
        let (station, member) = (self.district.station, self.district.member);
        let post = |path: String| app.post(&format!("/api/v1{path}"));
        Some(match row {
            "list_reception_days" => app.get(&format!("/api/v1/stations/{station}/reception-days")),
            "create_shift" => {
                let (starts_at, ends_at) = self.free_hour();
                let body = json!({ "member_id": member, "kind": "duty", "starts_at": starts_at, "ends_at": ends_at });
                post(format!("/stations/{station}/roster")).json(&body)
            }
            "change_shift" => {
                let id = self.keep_shift(ShiftKind::Duty).await;
                app.request(Method::PATCH, &format!("/api/v1/shifts/{id}")).json(&json!({}))
            }
            "cancel_shift" => {
                let id = self.keep_shift(ShiftKind::Duty).await;
                post(format!("/shifts/{id}/cancel")).json(&json!({ "reason": "外出调研" }))
            }
            "offer_shift" => {
                let id = self.keep_shift(ShiftKind::Duty).await;
                post(format!("/shifts/{id}/handovers")).json(&json!({ "member_id": self.district.colleague }))
            }
            "accept_handover" => post(format!("/handovers/{}/accept", self.keep_handover().await)),
            "decline_handover" => post(format!("/handovers/{}/decline", self.keep_handover().await)),
            "withdraw_handover" => post(format!("/handovers/{}/withdraw", self.keep_handover().await)),
            "create_absence" => {
                let from = app.now() + TimeDelta::days(300);
                let until = from + TimeDelta::days(1);
                post(format!("/members/{member}/absences"))
                    .json(&json!({ "starts_at": from, "ends_at": until }))
            }
            "list_absences" => app.get(&format!("/api/v1/members/{member}/absences")),
            "delete_absence" => app.delete(&format!("/api/v1/absences/{}", self.keep_absence().await)),
            "create_reception_pattern" => {
                post(format!("/stations/{station}/reception-patterns")).json(&self.pattern())
            }
            "list_reception_patterns" => app.get(&format!("/api/v1/stations/{station}/reception-patterns")),
            "end_reception_pattern" => post(format!("/reception-patterns/{}/end", self.keep_pattern().await)),
            "plan_reception_pattern" => {
                post(format!("/reception-patterns/{}/plan", self.keep_pattern().await))
            }
            "create_booking" => {
                let (id, slot) = (self.keep_shift(ShiftKind::ReceptionDay).await, self.free_hour().0);
                post(format!("/reception-days/{id}/bookings")).json(&json!({ "starts_at": slot }))
            }
            "cancel_booking" => app.delete(&format!("/api/v1/bookings/{}", self.keep_booking(60).await)),
            "list_day_bookings" => {
                let id = self.keep_shift(ShiftKind::ReceptionDay).await;
                app.get(&format!("/api/v1/reception-days/{id}/bookings"))
            }
            "check_in_booking" => post(format!("/bookings/{}/check-in", self.keep_booking(60).await)),
            "give_up_booking" => post(format!("/bookings/{}/no-show", self.keep_booking(-10).await)),
            "list_own_codes" => app.get("/api/v1/me/codes"),
            "list_own_shifts" => app.get("/api/v1/me/shifts"),
            "list_own_bookings" => app.get("/api/v1/me/bookings"),
            "list_handovers" => app.get("/api/v1/me/handovers"),
            "create_station_case" => post(format!("/stations/{station}/cases"))
                .idempotency_key(&key)
                .json(&json!({ "report": { "text": "电梯坏了" } })),
            _ => return None,
        })
    }

    /// A case of nobody's account, dispatched, so that an officer is a party too.
    pub async fn case_of_the_counter(&mut self) -> Value {
        let path = format!("/api/v1/stations/{}/cases", self.district.station);
        let key = self.next_key();
        let manager = self.person("manager");
        let body = json!({ "report": { "text": "电梯坏了", "member_id": self.district.member } });
        let request = self.app.post(&path).bearer(&manager.token).idempotency_key(&key).json(&body);
        let case = request.await.expect_status(201);
        let request = json!({ "department_id": self.district.department, "request": "请现场查看" });
        self.app.act(self.person("member"), &case, "accept", &json!({})).await.expect_status(200);
        self.app.act(manager, &case, "dispatch", &request).await.expect_status(200);
        case
    }

    /// Hours that no other call has.
    fn free_hour(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let starts_at = self.app.now() + TimeDelta::days(1) + TimeDelta::hours(i64::from(self.keys));
        (starts_at, starts_at + TimeDelta::minutes(30))
    }

    async fn keep_shift(&self, kind: ShiftKind) -> ShiftId {
        let id: ShiftId = self.app.state().ids.next();
        let place = (self.district.station, self.district.member);
        let mut shift = duty_shift::Model::new(id, place, kind, self.free_hour(), self.app.now());
        if kind == ShiftKind::ReceptionDay {
            (shift.slot_minutes, shift.slot_capacity) = (Some(30), Some(50));
        }
        self.app.keep(shift).await;
        id
    }

    /// A booking of the resident's whose slot begins in so many minutes.
    async fn keep_booking(&self, minutes: i64) -> BookingId {
        let starts_at = self.app.now() + TimeDelta::minutes(minutes);
        let row = booking::Model {
            id: self.app.state().ids.next(),
            shift_id: self.keep_shift(ShiftKind::ReceptionDay).await,
            account_id: Some(self.person("resident").account_id.into()),
            number: 1,
            starts_at,
            ends_at: starts_at + TimeDelta::minutes(30),
            state: BookingState::Booked,
            contact_sealed: None,
            case_id: None,
            checked_in_at: None,
            ended_at: None,
            created_at: self.app.now(),
        };
        let id = row.id;
        self.app.keep(row).await;
        id
    }

    /// A shift of the member's, offered to the colleague.
    async fn keep_handover(&self) -> HandoverId {
        let row = shift_handover::Model {
            id: self.app.state().ids.next(),
            shift_id: self.keep_shift(ShiftKind::Duty).await,
            from_member_id: self.district.member,
            to_member_id: self.district.colleague,
            state: HandoverState::Offered,
            in_return_shift_id: None,
            expires_at: None,
            note: None,
            decided_at: None,
            created_at: self.app.now(),
        };
        let id = row.id;
        self.app.keep(row).await;
        id
    }

    async fn keep_absence(&self) -> AbsenceId {
        let (starts_at, ends_at) = self.free_hour();
        let (id, created_at) = (self.app.state().ids.next(), self.app.now());
        let member_id = self.district.member;
        self.app.keep(absence::Model { id, member_id, starts_at, ends_at, reason: None, created_at }).await;
        id
    }

    fn pattern(&self) -> Value {
        json!({
            "recurrence": { "every": "month", "days": [10] }, "starts": "09:00", "ends": "11:30",
            "members": [self.district.member], "from_on": "2026-03-01",
        })
    }

    async fn keep_pattern(&self) -> PatternId {
        let row = reception_pattern::Model {
            id: self.app.state().ids.next(),
            station_id: self.district.station,
            recurrence: self.pattern()["recurrence"].clone(),
            day_off: DayOffRule::Keep,
            members: self.pattern()["members"].clone(),
            starts_minute: 540,
            ends_minute: 690,
            slot_minutes: None,
            slot_capacity: None,
            from_on: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            until_on: None,
            account_id: None,
            ended_at: None,
            created_at: self.app.now(),
        };
        let id = row.id;
        self.app.keep(row).await;
        id
    }
}
