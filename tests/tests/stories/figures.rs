//! Figures: what happened at a station and with a member, how things stand, and that the numbers are those of
//! the history whatever has happened.

mod random;

use api::service::figure_rolls::{roll_all, verify_day};
use api::store;
use chrono::TimeDelta;
use domain::calendar::shanghai_date;
use domain::ids::CaseId;
use domain::role::Role;
use futures::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{App, Backend, District, Person, run, story};

/// The figures at a path, as somebody sees them.
async fn figures(app: &App, by: &Person, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).bearer(&by.token).await.expect_status(200)
}

/// Lets days pass, one at a time as in life.
async fn days_pass(app: &App, days: i64) {
    for _ in 0..days {
        app.advance(TimeDelta::days(1));
        app.run_jobs().await;
    }
}

/// A case that the member has accepted.
async fn accepted(app: &App, district: &District) -> Value {
    let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
    let receipt = app.send_report(&body, Some(&app.person("resident").await)).await.expect_status(201);
    app.act(&app.person("member").await, &receipt, "accept", &json!({})).await.expect_status(200);
    receipt
}

async fn respond(app: &App, receipt: &Value, evidence: &str) {
    let answer = json!({ "text": "物业公司已更换扶手", "evidence": evidence });
    app.act(&app.person("member").await, receipt, "respond", &answer).await.expect_status(200);
}

async fn staff(app: &App, district: &District) {
    app.staff("member", Role::Member, district.member.0).await;
    app.staff("manager", Role::StationManager, district.station.0).await;
    app.staff("elsewhere", Role::StationManager, district.other_station.0).await;
    app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
}

story! {
    async fn a_station_sees_what_happened_there_and_how_things_stand(app: &App) {
        let district = app.district().await;
        staff(app, &district).await;
        let (quick, late, open) = (accepted(app, &district).await, accepted(app, &district).await, accepted(app, &district).await);
        app.act(&app.person("member").await, &open, "return", &json!({ "reason": "不归我管" })).await.expect_status(200);
        app.advance(TimeDelta::hours(30));
        respond(app, &quick, "photo").await;
        let solved = json!({ "solved": "yes", "stars": 5 });
        app.act(&app.person("resident").await, &quick, "confirm", &solved).await.expect_status(200);
        days_pass(app, 20).await;
        respond(app, &late, "photo").await;
        let reason = json!({ "reason": "还是坏的" });
        app.act(&app.person("resident").await, &late, "contest", &reason).await.expect_status(200);
        app.advance(TimeDelta::minutes(1));
        app.run_jobs().await;

        let manager = app.person("manager").await;
        let path = format!("stations/{}/figures", district.station);
        let seen = figures(app, &manager, &path).await;
        assert_eq!((&seen["station"]["name"], &seen["figures"]["from"], &seen["figures"]["to"]),
            (&json!("青石街道委员工作站"), &json!("2026-03-01"), &json!("2026-03-31")));
        let counts = json!({
            "received": 3, "assigned": 3, "returned": 1, "answered": 2, "answered_late": 1, "answered_again": 0,
            "confirmed": 1, "confirmed_partly": 0, "contested": 1, "upheld": 0, "unconfirmed": 0,
            "rejected": 0, "withdrawn": 0, "merged": 0,
        });
        assert_eq!(seen["figures"]["counts"], counts);
        assert_eq!(seen["figures"]["median_days_to_answer"], 1.5, "thirty hours: in the third half day");
        assert_eq!(seen["figures"]["now"], json!({ "open": 2, "due_soon": 0, "overdue": 2 }));
        assert_eq!(seen["figures"]["counted_at"], json!(app.now().format("%Y-%m-%dT%H:%M:%SZ").to_string()));

        // A day is a day in Shanghai, and both ends count.
        let first = figures(app, &manager, &format!("{path}?from=2026-03-02&to=2026-03-02")).await;
        assert_eq!((&first["figures"]["counts"]["received"], &first["figures"]["counts"]["answered"]), (&json!(3), &json!(0)));
        let answered = figures(app, &manager, &format!("{path}?from=2026-03-03&to=2026-03-22")).await;
        assert_eq!((&answered["figures"]["counts"]["received"], &answered["figures"]["counts"]["answered"]), (&json!(0), &json!(1)));
        let before = figures(app, &manager, &format!("{path}?month=2026-02")).await;
        assert_eq!(before["figures"]["counts"]["received"], 0);
        assert_eq!(before["figures"]["median_days_to_answer"], Value::Null);
        for wrong in ["month=2026-13", "from=2026-03-02", "from=2026-03-02&to=2026-03-01", "from=2020-01-01&to=2026-01-01"] {
            let refused = app.get(&format!("/api/v1/{path}?{wrong}")).bearer(&manager.token).await;
            refused.expect_problem(422, "validation_failed");
        }

        // The committee sees its stations, page by page, with the same numbers.
        let admin = app.person("admin").await;
        let list = format!("committees/{}/figures?limit=1", district.committee);
        let one = figures(app, &admin, &list).await;
        assert_eq!(one["items"], json!([seen]));
        let cursor = one["next_cursor"].as_str().unwrap();
        let two = figures(app, &admin, &format!("{list}&cursor={cursor}")).await;
        assert_eq!(two["items"][0]["station"]["name"], "柳湾街道委员工作站");
        assert_eq!((&two["items"][0]["figures"]["counts"]["received"], &two["next_cursor"]), (&json!(0), &Value::Null));
        app.run_jobs().await;
    }
}

story! {
    async fn a_member_sees_his_own_and_a_manager_what_happened_at_his_station(app: &App) {
        let district = app.district().await;
        staff(app, &district).await;
        let keep = |station_id| entity::member_station::Model { member_id: district.member, station_id };
        app.keep(keep(district.other_station)).await;
        let (here, moved) = (accepted(app, &district).await, accepted(app, &district).await);
        let order = json!({ "station_id": district.other_station, "member_id": district.member, "reason": "改由柳湾站办理" });
        app.act(&app.person("manager").await, &moved, "reassign", &order).await.expect_status(200);
        app.act(&app.person("member").await, &moved, "accept", &json!({})).await.expect_status(200);
        for receipt in [&here, &moved] {
            respond(app, receipt, "photo").await;
        }
        app.run_jobs().await;
        let path = format!("members/{}/figures", district.member);
        let counted = async |by: &str| {
            let seen = figures(app, &app.person(by).await, &path).await;
            let counts = &seen["figures"]["counts"];
            (counts["assigned"].as_i64().unwrap(), counts["answered"].as_i64().unwrap(), seen["figures"]["now"]["open"].as_i64().unwrap())
        };
        assert_eq!(counted("member").await, (3, 2, 2));
        assert_eq!(counted("admin").await, (3, 2, 2));
        assert_eq!(counted("manager").await, (2, 1, 1));
        assert_eq!(counted("elsewhere").await, (1, 1, 1));
        let stranger = app.staff("stranger", Role::Member, district.colleague.0).await;
        app.get(&format!("/api/v1/{path}")).bearer(&stranger.token).await.expect_problem(404, "not_found");
        app.run_jobs().await;
    }
}

story! {
    async fn what_came_of_a_second_look_is_kept_apart(app: &App) {
        let district = app.district().await;
        staff(app, &district).await;
        let cases = [accepted(app, &district).await, accepted(app, &district).await, accepted(app, &district).await];
        for receipt in &cases {
            respond(app, receipt, "explanation").await;
            let solved = json!({ "solved": "partly", "stars": 3 });
            app.act(&app.person("resident").await, receipt, "confirm", &solved).await.expect_status(200);
        }
        days_pass(app, 31).await;
        let path = format!("stations/{}/figures?from=2026-03-01&to=2026-06-30", district.station);
        let looks = async || figures(app, &app.person("manager").await, &path).await["figures"]["second_looks"].clone();
        app.advance(TimeDelta::minutes(1));
        app.run_jobs().await;
        assert_eq!(looks().await, json!({ "asked": 3, "confirmed": 0, "contested": 0, "unconfirmed": 0, "claimed": 3 }));
        for (receipt, done) in cases.iter().zip(["yes", "partly"]) {
            app.act(&app.person("resident").await, receipt, "second-look", &json!({ "done": done })).await.expect_status(200);
        }
        app.advance(TimeDelta::minutes(1));
        app.run_jobs().await;
        assert_eq!(looks().await, json!({ "asked": 3, "confirmed": 1, "contested": 1, "unconfirmed": 0, "claimed": 1 }));
        // The last one says nothing, and nothing has to happen for that to be counted.
        days_pass(app, 15).await;
        assert_eq!(looks().await, json!({ "asked": 3, "confirmed": 1, "contested": 1, "unconfirmed": 1, "claimed": 0 }));
    }
}

story! {
    async fn a_figure_that_is_wrong_is_mended_in_the_night_and_named(app: &App) {
        let district = app.district().await;
        staff(app, &district).await;
        for _ in 0..2 {
            respond(app, &accepted(app, &district).await, "photo").await;
        }
        app.run_jobs().await;
        let path = format!("stations/{}/figures?month=2026-03", district.station);
        let counts = async || figures(app, &app.person("manager").await, &path).await["figures"]["counts"].clone();
        let right = counts().await;
        for tamper in [
            "UPDATE figures SET total = total + 5 WHERE figure = 'answered'",
            "DELETE FROM figures WHERE figure = 'assigned'",
            "INSERT INTO figures SELECT day, station_id, member_id, 'contested', bin, 7 FROM figures WHERE figure = 'received'",
        ] {
            app.db().execute_unprepared(tamper).await.unwrap();
        }
        assert_ne!(counts().await, right);
        // 03:00 of the next day has not come: nobody looks.
        app.advance(TimeDelta::hours(17));
        app.run_jobs().await;
        assert_ne!(counts().await, right);
        app.advance(TimeDelta::hours(1));
        app.run_jobs().await;
        assert_eq!(counts().await, right);
        let named = app.take_errors();
        assert_eq!(named.len(), 3, "{named:?}");
        assert!(named.iter().all(|error| error.contains("a figure was mended")), "{named:?}");

        // A day of long ago has its turn as well.
        days_pass(app, 30).await;
        app.db().execute_unprepared("UPDATE figures SET total = 9 WHERE figure = 'received'").await.unwrap();
        assert_eq!(counts().await["received"], 9);
        days_pass(app, 9).await;
        assert_eq!(counts().await["received"], right["received"]);
        assert_eq!(app.take_errors().len(), 1);
    }
}

story! {
    async fn several_who_bring_figures_forward_count_everything_once(app: &App) {
        let district = app.district().await;
        staff(app, &district).await;
        for _ in 0..5 {
            respond(app, &accepted(app, &district).await, "photo").await;
        }
        for rolled in join_all((0..4).map(|_| roll_all(app.state()))).await {
            rolled.unwrap();
        }
        app.run_jobs().await;
        let path = format!("stations/{}/figures", district.station);
        let seen = figures(app, &app.person("manager").await, &path).await;
        assert_eq!((&seen["figures"]["counts"]["received"], &seen["figures"]["counts"]["answered"]), (&json!(5), &json!(5)));
        assert_eq!(app.db_count("cases", Some("figures_seq <> event_seq")).await, 0);
        assert_eq!(verify_day(app.state(), shanghai_date(app.now())).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_somebody_works_on_is_not_waited_for_and_not_forgotten() {
    run(Backend::Postgres, async |app| {
        let district = app.district().await;
        staff(app, &district).await;
        let receipt = accepted(app, &district).await;
        let id: uuid::Uuid = receipt["id"].as_str().unwrap().parse().unwrap();
        let tx = app.state().db.begin().await.unwrap();
        store::cases::lock(&tx, CaseId(id)).await.unwrap().unwrap();
        app.run_jobs().await;
        assert_eq!(app.db_count("figures", None).await, 0);
        tx.commit().await.unwrap();
        app.advance(TimeDelta::minutes(1));
        app.run_jobs().await;
        assert_eq!(app.db_count("figures", Some("figure = 'received' AND total = 1")).await, 1);
    })
    .await;
}
