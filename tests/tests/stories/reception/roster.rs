//! Who is at a station, when: given, changed, cancelled, handed over; and who is away.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

use super::{nine, reception_day, titles};

async fn roster(app: &App, district: &District) -> Vec<Value> {
    let path = format!("/api/v1/stations/{}/roster", district.station);
    app.get(&path).await.expect_status(200)["items"].as_array().unwrap().clone()
}

/// The member's shift tomorrow from 9:00 to 12:00.
async fn tomorrow(app: &App, district: &District, manager: &Person) -> Value {
    let starts_at = nine(app, 1);
    let body = json!({
        "member_id": district.member, "kind": "duty",
        "starts_at": starts_at, "ends_at": starts_at + TimeDelta::hours(3),
    });
    let path = format!("/api/v1/stations/{}/roster", district.station);
    app.post(&path).bearer(&manager.token).json(&body).await.expect_status(201)
}

story! {
    async fn a_manager_gives_changes_and_cancels_a_shift(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;

        let shift = tomorrow(app, &district, &manager).await;
        assert_eq!(roster(app, &district).await.len(), 2);
        assert_eq!(titles(app, &member).await, ["轮值安排有变化"]);
        let path = format!("/api/v1/shifts/{}", shift["id"].as_str().unwrap());
        let change = json!({ "member_id": district.colleague, "ends_at": nine(app, 1) + TimeDelta::hours(4) });
        let changed = app.request(reqwest::Method::PATCH, &path).bearer(&manager.token).json(&change).await;
        let changed = changed.expect_status(200);
        assert_eq!(changed["member_id"], json!(district.colleague));
        assert_eq!(titles(app, &colleague).await, ["轮值安排有变化"]);
        let own = app.get("/api/v1/me/shifts").bearer(&colleague.token).await.expect_status(200);
        assert_eq!(own["items"].as_array().unwrap(), &[changed]);
        assert_eq!(own["items"][0]["station_name"], "青石街道委员工作站");

        let reason = json!({ "reason": "外出调研" });
        let cancel = || app.post(&format!("{path}/cancel")).bearer(&manager.token).json(&reason);
        assert!(cancel().await.expect_status(200)["cancelled_at"].is_string());
        cancel().await.expect_problem(409, "too_late");
        assert_eq!(roster(app, &district).await.len(), 1);
        let own = app.get("/api/v1/me/shifts").bearer(&colleague.token).await.expect_status(200);
        assert_eq!(own["items"], json!([]));
    }
}

story! {
    async fn a_shift_that_can_not_be_is_refused(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        tomorrow(app, &district, &manager).await;
        let path = format!("/api/v1/stations/{}/roster", district.station);
        let at = nine(app, 1);
        let give = |member: Value, kind: &str, from: i64, until: i64| {
            let body = json!({
                "member_id": member, "kind": kind,
                "starts_at": at + TimeDelta::minutes(from), "ends_at": at + TimeDelta::minutes(until),
            });
            app.post(&path).bearer(&manager.token).json(&body)
        };
        let member = || json!(district.member);

        give(member(), "duty", 60, 240).await.expect_problem(409, "shift_overlaps");
        give(member(), "duty", 180, 240).await.expect_status(201);
        give(member(), "reception_day", 0, 120).await.expect_status(201);
        for (who, from, until, pointer) in [
            (json!(district.other_member), 0, 60, "/member_id"),
            (json!(district.station), 0, 60, "/member_id"),
            (member(), 60, 0, "/starts_at"),
            (member(), 60, 60, "/starts_at"),
            (member(), -2 * 24 * 60, -2 * 24 * 60 + 60, "/starts_at"),
            (member(), 600, 600 + 24 * 60 + 1, "/starts_at"),
            (member(), 500 * 24 * 60, 500 * 24 * 60 + 60, "/starts_at"),
        ] {
            let refused = give(who, "duty", from, until).await.expect_problem(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{from} {until}");
        }
        let half = json!({ "member_id": district.member, "kind": "duty",
            "starts_at": at + TimeDelta::seconds(86_430), "ends_at": at + TimeDelta::seconds(90_000) });
        app.post(&path).bearer(&manager.token).json(&half).await.expect_problem(422, "validation_failed");
        for (slots, pointer) in [
            (json!({ "minutes": 4, "capacity": 1 }), "/slots/minutes"),
            (json!({ "minutes": 30, "capacity": 51 }), "/slots/capacity"),
            (json!({ "minutes": 90, "capacity": 1 }), "/slots/minutes"),
        ] {
            let body = json!({ "member_id": district.colleague, "kind": "reception_day",
                "starts_at": at, "ends_at": at + TimeDelta::minutes(60), "slots": slots });
            let refused = app.post(&path).bearer(&manager.token).json(&body).await;
            let refused = refused.expect_problem(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer);
        }
    }
}

story! {
    async fn who_is_away_gets_no_cases_and_is_not_shown_as_on_duty(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        tomorrow(app, &district, &manager).await;
        let card = format!("/api/v1/codes/{}", district.code);
        assert_eq!(app.get(&card).await.expect_status(200)["on_duty"][0]["name"], "甲青山");
        let before = app.report(&district.code, "电梯坏了", None).await;
        assert_eq!(before["member"]["name"], "甲青山");

        let absences = format!("/api/v1/members/{}/absences", district.member);
        let body = json!({ "starts_at": app.now(), "ends_at": app.now() + TimeDelta::days(3), "reason": "休假" });
        let told = app.post(&absences).bearer(&member.token).json(&body).await.expect_status(201);

        assert_eq!(told["shifts"].as_array().unwrap().len(), 2, "today's and tomorrow's need somebody else");
        assert_eq!(app.get(&card).await.expect_status(200)["on_duty"], json!([]));
        let meanwhile = app.report(&district.code, "电梯坏了", None).await;
        assert_ne!(meanwhile["member"]["name"], "甲青山");
        let listed = app.get(&absences).bearer(&manager.token).await.expect_status(200);
        assert_eq!(listed["items"][0]["reason"], "休假");

        let path = format!("/api/v1/absences/{}", told["id"].as_str().unwrap());
        app.delete(&path).bearer(&manager.token).await.expect_status(204);
        app.delete(&path).bearer(&manager.token).await.expect_problem(404, "not_found");
        assert_eq!(app.get(&card).await.expect_status(200)["on_duty"][0]["name"], "甲青山");
        let after = app.report(&district.code, "电梯坏了", None).await;
        assert_eq!(after["member"]["name"], "甲青山");
        app.run_jobs().await;
    }
}

story! {
    async fn a_colleague_who_agrees_has_the_shift(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let shift = tomorrow(app, &district, &manager).await;
        let offers = format!("/api/v1/shifts/{}/handovers", shift["id"].as_str().unwrap());
        let offer = |by: &Person, to: Value| {
            app.post(&offers).bearer(&by.token).json(&json!({ "member_id": to, "note": "请帮忙" }))
        };
        let end = |by: &Person, offer: &Value, how: &str| {
            let path = format!("/api/v1/handovers/{}/{how}", offer["id"].as_str().unwrap());
            app.post(&path).bearer(&by.token).into_future()
        };

        offer(&colleague, json!(district.member)).await.expect_problem(404, "not_found");
        offer(&member, json!(district.other_member)).await.expect_problem(422, "validation_failed");
        let first = offer(&member, json!(district.colleague)).await.expect_status(201);
        offer(&member, json!(district.colleague)).await.expect_problem(409, "already_offered");
        assert_eq!(titles(app, &colleague).await, ["请您接手班次"]);
        end(&member, &first, "accept").await.expect_problem(403, "not_allowed");
        end(&colleague, &first, "withdraw").await.expect_problem(403, "not_allowed");
        end(&manager, &first, "accept").await.expect_problem(404, "not_found");
        assert_eq!(end(&colleague, &first, "decline").await.expect_status(200)["state"], "declined");
        assert_eq!(titles(app, &member).await[0], "同事不能接手");
        end(&colleague, &first, "accept").await.expect_problem(409, "too_late");

        let second = offer(&member, json!(district.colleague)).await.expect_status(201);
        assert_eq!(end(&colleague, &second, "accept").await.expect_status(200)["state"], "accepted");
        assert_eq!(titles(app, &member).await[0], "同事已接手");
        let own = app.get("/api/v1/me/shifts").bearer(&colleague.token).await.expect_status(200);
        assert_eq!(own["items"][0]["id"], shift["id"]);
        offer(&member, json!(district.colleague)).await.expect_problem(404, "not_found");
        let listed = app.get("/api/v1/me/handovers").bearer(&member.token).await.expect_status(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);

        let back = offer(&colleague, json!(district.member)).await.expect_status(201);
        assert_eq!(end(&colleague, &back, "withdraw").await.expect_status(200)["state"], "withdrawn");
    }
}

/// A shift that the manager gives, on a day from nine o'clock on.
async fn given(app: &App, district: &District, manager: &Person, member: Value, day: i64) -> Value {
    let starts_at = nine(app, day);
    let ends_at = starts_at + TimeDelta::hours(3);
    let body = json!({ "member_id": member, "kind": "duty", "starts_at": starts_at, "ends_at": ends_at });
    let path = format!("/api/v1/stations/{}/roster", district.station);
    app.post(&path).bearer(&manager.token).json(&body).await.expect_status(201)
}

story! {
    async fn two_members_swap_their_shifts_if_both_agree(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let mine = given(app, &district, &manager, json!(district.member), 1).await;
        let theirs = given(app, &district, &manager, json!(district.colleague), 2).await;
        let propose = |shift: &Value, in_return: &Value| {
            let path = format!("/api/v1/shifts/{}/handovers", shift["id"].as_str().unwrap());
            let body = json!({ "member_id": district.colleague, "in_return_shift_id": in_return });
            app.post(&path).bearer(&member.token).json(&body)
        };
        let end = |by: &Person, offer: &Value, how: &str| {
            let path = format!("/api/v1/handovers/{}/{how}", offer["id"].as_str().unwrap());
            app.post(&path).bearer(&by.token).into_future()
        };

        // Only a shift that is the colleague's, and not at the same time as another one of the caller.
        let missing = json!("00000000-0000-7000-8000-00000000dead");
        for in_return in [&mine["id"], &missing] {
            let refused = propose(&mine, in_return).await.expect_problem(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], "/in_return_shift_id");
        }
        let busy = given(app, &district, &manager, json!(district.member), 2).await;
        propose(&mine, &theirs["id"]).await.expect_problem(409, "shift_overlaps");
        let cancel = format!("/api/v1/shifts/{}/cancel", busy["id"].as_str().unwrap());
        let reason = json!({ "reason": "重复" });
        app.post(&cancel).bearer(&manager.token).json(&reason).await.expect_status(200);

        let first = propose(&mine, &theirs["id"]).await.expect_status(201);
        assert_eq!((&first["in_return_shift_id"], &first["expires_at"]), (&theirs["id"], &mine["starts_at"]));
        assert_eq!(titles(app, &colleague).await[0], "请您对换班次");
        end(&member, &first, "accept").await.expect_problem(403, "not_allowed");
        end(&colleague, &first, "decline").await.expect_status(200);
        assert_eq!(titles(app, &member).await[0], "班次未能对换");

        // Who changes one of the two takes the proposal back.
        let second = propose(&mine, &theirs["id"]).await.expect_status(201);
        let path = format!("/api/v1/shifts/{}", theirs["id"].as_str().unwrap());
        let longer = json!({ "ends_at": nine(app, 2) + TimeDelta::hours(4) });
        app.request(reqwest::Method::PATCH, &path).bearer(&manager.token).json(&longer).await.expect_status(200);
        end(&colleague, &second, "accept").await.expect_problem(409, "too_late");

        let third = propose(&mine, &theirs["id"]).await.expect_status(201);
        assert_eq!(end(&colleague, &third, "accept").await.expect_status(200)["state"], "accepted");
        assert_eq!(titles(app, &member).await[0], "班次已对换");
        let who = |id: &Value, roster: &[Value]| {
            roster.iter().find(|shift| shift["id"] == *id).map(|shift| shift["member"]["id"].clone())
        };
        let shown = roster(app, &district).await;
        assert_eq!(who(&mine["id"], &shown), Some(json!(district.colleague)), "{shown:?}");
        assert_eq!(who(&theirs["id"], &shown), Some(json!(district.member)));
        end(&colleague, &third, "accept").await.expect_problem(409, "too_late");
    }
}

story! {
    async fn a_swap_that_nobody_answered_ends_when_one_of_the_shifts_begins(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        app.staff("member", Role::Member, district.member.0).await;
        app.staff("colleague", Role::Member, district.colleague.0).await;
        let mine = given(app, &district, &manager, json!(district.member), 3).await;
        let theirs = given(app, &district, &manager, json!(district.colleague), 1).await;
        let path = format!("/api/v1/shifts/{}/handovers", mine["id"].as_str().unwrap());
        let body = json!({ "member_id": district.colleague, "in_return_shift_id": theirs["id"] });
        let member = app.person("member").await;
        let offer = app.post(&path).bearer(&member.token).json(&body).await.expect_status(201);
        assert_eq!(offer["expires_at"], theirs["starts_at"]);
        app.advance(nine(app, 1) - app.now());
        let (member, colleague) = (app.person("member").await, app.person("colleague").await);
        let accept = format!("/api/v1/handovers/{}/accept", offer["id"].as_str().unwrap());
        app.post(&accept).bearer(&colleague.token).await.expect_problem(409, "too_late");
        app.post(&path).bearer(&member.token).json(&body).await.expect_problem(409, "too_late");
        // It is not in the way of another offer.
        let alone = json!({ "member_id": district.colleague });
        app.post(&path).bearer(&member.token).json(&alone).await.expect_status(201);
        app.run_jobs().await;
    }
}

story! {
    async fn who_changes_a_shift_takes_its_offer_back(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let shift = tomorrow(app, &district, &manager).await;
        let path = format!("/api/v1/shifts/{}", shift["id"].as_str().unwrap());
        let offer = json!({ "member_id": district.colleague });
        let offer = app.post(&format!("{path}/handovers")).bearer(&member.token).json(&offer).await;
        let offer = offer.expect_status(201);

        let later = json!({ "starts_at": nine(app, 1) + TimeDelta::hours(1) });
        app.request(reqwest::Method::PATCH, &path).bearer(&manager.token).json(&later).await.expect_status(200);

        let accept = format!("/api/v1/handovers/{}/accept", offer["id"].as_str().unwrap());
        app.post(&accept).bearer(&colleague.token).await.expect_problem(409, "too_late");
    }
}

story! {
    async fn the_next_reception_day_is_on_the_card_as_soon_as_it_is_there_and_no_longer(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let card = format!("/api/v1/codes/{}", district.code);
        assert!(app.get(&card).await.expect_status(200).get("next_reception_day").is_none());

        let day = reception_day(app, &district, &manager, 3).await;
        let next = app.get(&card).await.expect_status(200)["next_reception_day"].clone();
        assert_eq!((&next["id"], &next["bookable"]), (&day["id"], &json!(true)));
        let earlier = reception_day(app, &district, &manager, 2).await;
        assert_eq!(app.get(&card).await.expect_status(200)["next_reception_day"]["id"], earlier["id"]);

        for day in [&earlier, &day] {
            let path = format!("/api/v1/shifts/{}/cancel", day["id"].as_str().unwrap());
            let reason = json!({ "reason": "场地维修" });
            app.post(&path).bearer(&manager.token).json(&reason).await.expect_status(200);
        }
        assert!(app.get(&card).await.expect_status(200).get("next_reception_day").is_none());
    }
}
