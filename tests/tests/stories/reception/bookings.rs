//! A resident books a place on a reception day; the manager receives whoever comes.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::role::Role;
use entity::booking;
use futures::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{App, Person, story};

use super::{bookings_path, nine, reception_day, titles};

async fn book(app: &App, by: &Person, day: &Value, slot: i64) -> tests::Answer {
    let starts_at = day["starts_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let body = json!({
        "starts_at": starts_at + TimeDelta::minutes(30 * slot),
        "name": "示例人", "phone": "19900000001", "topic": "物业收费",
    });
    app.post(&bookings_path(day)).bearer(&by.token).json(&body).await
}

/// How many places are free, slot by slot.
async fn free(app: &App, station: domain::ids::StationId) -> Vec<i64> {
    let days = app.get(&format!("/api/v1/stations/{station}/reception-days")).await.expect_status(200);
    let slots = days["items"][0]["slots"].as_array().unwrap();
    slots.iter().map(|slot| slot["free"].as_i64().unwrap()).collect()
}

story! {
    async fn a_resident_books_gets_a_number_and_gives_it_back(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let (one, two) = (app.person("one").await, app.person("two").await);
        let day = reception_day(app, &district, &manager, 3).await;
        assert_eq!(free(app, district.station).await, [2, 2, 2, 2]);

        let first = book(app, &one, &day, 1).await.expect_status(201);
        let second = book(app, &two, &day, 1).await.expect_status(201);

        assert_eq!((&first["number"], &first["number_label"]), (&json!(1), &json!("第1号")));
        assert_eq!(second["number_label"], "第2号");
        assert_eq!(first["station_name"], "青石街道委员工作站");
        assert_eq!(free(app, district.station).await, [2, 0, 2, 2]);
        book(app, &one, &day, 2).await.expect_problem(409, "already_booked");
        book(app, &app.person("three").await, &day, 1).await.expect_problem(409, "slot_full");
        let path = format!("/api/v1/bookings/{}", first["id"].as_str().unwrap());
        app.delete(&path).bearer(&two.token).await.expect_problem(404, "not_found");
        app.delete(&path).bearer(&one.token).await.expect_status(204);
        app.delete(&path).bearer(&one.token).await.expect_status(204);
        assert_eq!(free(app, district.station).await, [2, 1, 2, 2]);
        let again = book(app, &one, &day, 0).await.expect_status(201);
        assert_eq!(again["number_label"], "第3号");
        let own = app.get("/api/v1/me/bookings").bearer(&one.token).await.expect_status(200);
        let states: Vec<&str> =
            own["items"].as_array().unwrap().iter().map(|item| item["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["booked", "cancelled"]);
        let export = app.get("/api/v1/me/export").bearer(&one.token).await.expect_status(200);
        assert_eq!(export["bookings"][0]["phone"], "19900000001");
    }
}

story! {
    async fn only_slots_that_are_there_and_to_come_can_be_booked(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let day = reception_day(app, &district, &manager, 1).await;

        for slot in [-1, 4, 100] {
            let refused = book(app, &resident, &day, slot).await.expect_problem(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], "/starts_at");
        }
        let body = json!({ "starts_at": nine(app, 1), "name": "名".repeat(61), "phone": "x", "topic": "事".repeat(501) });
        let refused = app.post(&bookings_path(&day)).bearer(&resident.token).json(&body).await;
        assert_eq!(refused.expect_problem(422, "validation_failed")["errors"].as_array().unwrap().len(), 3);
        let duty = json!({ "member_id": district.member, "kind": "duty", "starts_at": nine(app, 2),
            "ends_at": nine(app, 2) + TimeDelta::hours(2), "slots": { "minutes": 30, "capacity": 1 } });
        let roster = format!("/api/v1/stations/{}/roster", district.station);
        let duty = app.post(&roster).bearer(&manager.token).json(&duty).await.expect_status(201);
        assert!(duty["slot_minutes"].is_null());
        book(app, &resident, &duty, 0).await.expect_problem(404, "not_found");
        let open = json!({ "member_id": district.member, "kind": "reception_day", "starts_at": nine(app, 2),
            "ends_at": nine(app, 2) + TimeDelta::hours(2) });
        let open = app.post(&roster).bearer(&manager.token).json(&open).await.expect_status(201);
        book(app, &resident, &open, 0).await.expect_problem(409, "booking_closed");

        app.advance(TimeDelta::hours(24));
        let resident = app.person("resident").await;
        book(app, &resident, &day, 0).await.expect_problem(409, "too_late");
        let booked = book(app, &resident, &day, 3).await.expect_status(201);
        app.advance(TimeDelta::hours(2));
        let resident = app.person("resident").await;
        let path = format!("/api/v1/bookings/{}", booked["id"].as_str().unwrap());
        app.delete(&path).bearer(&resident.token).await.expect_problem(409, "too_late");
    }
}

story! {
    async fn a_day_whose_member_is_away_is_not_shown_and_takes_no_bookings(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let day = reception_day(app, &district, &manager, 3).await;
        let path = format!("/api/v1/members/{}/absences", district.colleague);
        let away = json!({ "starts_at": nine(app, 3), "ends_at": nine(app, 4) });
        let told = app.post(&path).bearer(&manager.token).json(&away).await.expect_status(201);
        assert_eq!(told["shifts"][0]["id"], day["id"], "the manager is told that somebody else is needed");

        book(app, &resident, &day, 0).await.expect_problem(409, "booking_closed");
        let days = app.get(&format!("/api/v1/stations/{}/reception-days", district.station));
        assert_eq!(days.await.expect_status(200)["items"], json!([]));

        let substitute = json!({ "member_id": district.member });
        let path = format!("/api/v1/shifts/{}", day["id"].as_str().unwrap());
        app.request(reqwest::Method::PATCH, &path).bearer(&manager.token).json(&substitute).await.expect_status(200);
        book(app, &resident, &day, 0).await.expect_status(201);
    }
}

story! {
    async fn of_fifty_people_who_want_the_last_place_one_gets_it(app: &App) with { tests::Setup::unlimited } {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let day = reception_day(app, &district, &manager, 3).await;
        let early = app.person("early").await;
        book(app, &early, &day, 0).await.expect_status(201);
        let mut people = Vec::new();
        for n in 0..50 {
            people.push(app.person(&format!("resident {n}")).await);
        }

        let answers = join_all(people.iter().map(|person| book(app, person, &day, 0))).await;

        let won: Vec<_> = answers.iter().filter(|answer| answer.status() == 201).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(won[0].json()["number"], 2);
        for lost in answers.iter().filter(|answer| answer.status() != 201) {
            lost.expect_problem(409, "slot_full");
        }
        assert_eq!(app.db_count("bookings", None).await, 2);
    }
}

story! {
    async fn one_person_who_books_many_times_at_once_has_one_place(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let day = reception_day(app, &district, &manager, 3).await;

        let answers = join_all((0..4).map(|slot| book(app, &resident, &day, slot))).await;

        let won = answers.iter().filter(|answer| answer.status() == 201).count();
        assert_eq!(won, 1);
        for lost in answers.iter().filter(|answer| answer.status() != 201) {
            lost.expect_problem(409, "already_booked");
        }
        let body = json!({ "starts_at": nine(app, 3) });
        let other = app.person("other").await;
        let post = || app.post(&bookings_path(&day)).bearer(&other.token).idempotency_key("one").json(&body);
        let same = join_all((0..10).map(|_| post().into_future())).await;
        let numbers: BTreeSet<String> =
            same.iter().map(|answer| answer.expect_status(201)["number"].to_string()).collect();
        assert_eq!(numbers.len(), 1, "the first answer every time");
        assert_eq!(app.db_count("bookings", None).await, 2);
    }
}

story! {
    async fn the_manager_receives_whoever_comes_and_reads_no_full_name(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let (one, two) = (app.person("one").await, app.person("two").await);
        let day = reception_day(app, &district, &manager, 1).await;
        let first = book(app, &one, &day, 0).await.expect_status(201);
        let second = book(app, &two, &day, 1).await.expect_status(201);
        let receive = |manager: &Person, booking: &Value, how: &str| {
            let path = format!("/api/v1/bookings/{}/{how}", booking["id"].as_str().unwrap());
            app.post(&path).bearer(&manager.token).into_future()
        };

        let listed = app.get(&bookings_path(&day)).bearer(&manager.token).await.expect_status(200);
        let visitor = &listed["items"][0];
        assert_eq!((&visitor["name"], &visitor["phone"]), (&json!("示**"), &json!("199****0001")));
        assert_eq!(visitor["topic"], "物业收费");
        assert!(!listed.to_string().contains("示例人"));
        receive(&manager, &first, "check-in").await.expect_problem(409, "too_late");
        receive(&manager, &first, "no-show").await.expect_problem(409, "too_late");

        app.advance(TimeDelta::hours(24) + TimeDelta::minutes(10));
        let manager = app.person("manager").await;
        let seen = receive(&manager, &first, "check-in").await.expect_status(200);
        assert_eq!((&seen["state"], seen["checked_in_at"].is_string()), (&json!("checked_in"), true));
        let problem = receive(&manager, &first, "no-show").await.expect_problem(409, "wrong_state");
        assert_eq!(problem["state"], "checked_in");
        assert_eq!(receive(&manager, &second, "no-show").await.expect_status(200)["state"], "no_show");
        assert_eq!(receive(&manager, &second, "check-in").await.expect_status(200)["state"], "checked_in");
    }
}

story! {
    async fn a_cancelled_reception_day_tells_everybody_who_booked(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let (one, two, gone) = (app.person("one").await, app.person("two").await, app.person("gone").await);
        let day = reception_day(app, &district, &manager, 3).await;
        for (person, slot) in [(&one, 0), (&two, 1), (&gone, 2)] {
            book(app, person, &day, slot).await.expect_status(201);
        }
        let given_back = app.get("/api/v1/me/bookings").bearer(&gone.token).await.expect_status(200);
        let path = format!("/api/v1/bookings/{}", given_back["items"][0]["id"].as_str().unwrap());
        app.delete(&path).bearer(&gone.token).await.expect_status(204);

        let cancel = format!("/api/v1/shifts/{}/cancel", day["id"].as_str().unwrap());
        let reason = json!({ "reason": "委员外出开会" });
        app.post(&cancel).bearer(&manager.token).json(&reason).await.expect_status(200);

        for person in [&one, &two] {
            assert_eq!(titles(app, person).await, ["接待日取消", "预约成功"]);
            let own = app.get("/api/v1/me/bookings").bearer(&person.token).await.expect_status(200);
            assert_eq!(own["items"][0]["state"], "called_off");
        }
        assert_eq!(titles(app, &gone).await, ["预约成功"]);
        book(app, &gone, &day, 0).await.expect_problem(409, "booking_closed");
        let inbox = app.get("/api/v1/me/messages").bearer(&one.token).await.expect_status(200);
        let message = &inbox["items"][0];
        assert!(message["text"].as_str().unwrap().contains("委员外出开会"));
        assert_eq!((&inbox["unread"], &message["case_id"]), (&json!(2), &json!(null)));
        let read = format!("/api/v1/me/messages/{}/read", message["id"].as_str().unwrap());
        app.post(&read).bearer(&two.token).await.expect_problem(404, "not_found");
        app.post(&read).bearer(&one.token).await.expect_status(204);
        let inbox = app.get("/api/v1/me/messages").bearer(&one.token).await.expect_status(200);
        assert_eq!(inbox["unread"], 1);
    }
}

story! {
    async fn a_reception_day_that_is_moved_takes_its_bookings_along(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let day = reception_day(app, &district, &manager, 3).await;
        book(app, &resident, &day, 3).await.expect_status(201);
        let path = format!("/api/v1/shifts/{}", day["id"].as_str().unwrap());
        let change = |body: Value| app.request(reqwest::Method::PATCH, &path).bearer(&manager.token).json(&body);

        let shorter = change(json!({ "ends_at": nine(app, 3) + TimeDelta::hours(1) })).await;
        shorter.expect_problem(409, "has_bookings");
        change(json!({ "slots": { "minutes": 20, "capacity": 2 } })).await.expect_problem(409, "has_bookings");
        let (from, until) = (nine(app, 4), nine(app, 4) + TimeDelta::hours(2));
        change(json!({ "starts_at": from, "ends_at": until })).await.expect_status(200);
        change(json!({ "member_id": district.member })).await.expect_status(200);

        let own = app.get("/api/v1/me/bookings").bearer(&resident.token).await.expect_status(200);
        assert_eq!(own["items"][0]["starts_at"], json!(from + TimeDelta::minutes(90)));
        assert_eq!(titles(app, &resident).await, ["接待委员有变化", "接待时间有变化", "预约成功"]);
    }
}

story! {
    async fn who_erases_the_account_leaves_a_free_place_and_no_name(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let day = reception_day(app, &district, &manager, 3).await;
        book(app, &resident, &day, 0).await.expect_status(201);
        assert_eq!(free(app, district.station).await[0], 1);

        app.delete("/api/v1/me").bearer(&resident.token).await.expect_status(204);

        assert_eq!(free(app, district.station).await[0], 2);
        let row = booking::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.account_id, row.contact_sealed), (None, None));
    }
}
