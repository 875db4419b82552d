//! A year of the calendar is imported or corrected, and everything that was counted by it follows.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{Answer, App, Person, story};

async fn year(app: &App, year: i32) -> Value {
    app.get(&format!("/api/v1/calendar?year={year}")).await.expect_status(200)
}

fn off(day: &str) -> Value {
    json!({ "day": day, "kind": "holiday", "name": "临时放假" })
}

/// The year as it is known, with these days besides.
async fn with(app: &App, known: i32, more: &[Value]) -> Value {
    let year = year(app, known).await;
    let days = [year["days"].as_array().unwrap().as_slice(), more].concat();
    json!({ "year": known, "source": "关于调整2026年部分节假日安排的通知", "days": days })
}

async fn import(app: &App, admin: &Person, body: &Value) -> Answer {
    app.post("/api/v1/calendar").bearer(&admin.token).json(body).await
}

async fn report(app: &App, admin: &Person, imported: &Value) -> Value {
    let path = format!("/api/v1/calendar/revisions/{}", imported["revision"]["id"].as_str().unwrap());
    app.get(&path).bearer(&admin.token).await.expect_status(200)
}

async fn moved(app: &App, admin: &Person, imported: &Value) -> Vec<Value> {
    let path = format!(
        "/api/v1/calendar/revisions/{}/moved-deadlines?limit=1",
        imported["revision"]["id"].as_str().unwrap()
    );
    let (mut all, mut next) = (Vec::new(), path.clone());
    loop {
        let page = app.get(&next).bearer(&admin.token).await.expect_status(200);
        all.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { return all };
        next = format!("{path}&cursor={cursor}");
    }
}

story! {
    async fn a_year_that_is_corrected_moves_what_is_open_and_reports_it(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let mut cases = Vec::new();
        for text in ["物业乱收费", "电梯停了", "物业不开门", "电梯坏了"] {
            cases.push(app.report(&district.code, text, Some(&resident)).await);
        }
        let [running, waiting, answered, untouched] = cases.as_slice() else { panic!("four cases") };
        for case in [running, waiting, answered] {
            app.act(&member, case, "accept", &json!({})).await.expect_status(200);
        }
        app.act(&member, waiting, "request-information", &json!({ "question": "哪一栋楼？" })).await.expect_status(200);
        let answer = json!({ "text": "已协调开门。", "evidence": "visit" });
        app.act(&member, answered, "respond", &answer).await.expect_status(200);
        app.act(&resident, answered, "confirm", &json!({ "solved": "yes", "stars": 5 })).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(running["respond_by"], "2026-03-11T10:00:00Z");

        // Tuesday and Thursday of this week become days off.
        let body = with(app, 2026, &[off("2026-03-03"), off("2026-03-05")]).await;
        let changes = json!([
            { "day": "2026-03-03", "was_working": true, "is_working": false },
            { "day": "2026-03-05", "was_working": true, "is_working": false },
        ]);
        let dry = app.post("/api/v1/calendar?dry_run=true").bearer(&admin.token).json(&body).await;
        assert_eq!(dry.expect_status(200), json!({ "changes": changes }));
        assert_eq!(app.db_count("calendar_revisions", None).await, 0);
        assert_eq!(year(app, 2026).await["version"], 1);

        let imported = import(app, &admin, &body).await.expect_status(201);
        assert_eq!((&imported["changes"], &imported["revision"]["version"]), (&changes, &json!(2)));
        let now = year(app, 2026).await;
        assert_eq!((&now["version"], &now["working_days"]), (&json!(2), &json!(246)), "it holds at once");
        app.run_jobs().await;

        let shown = app.case(&member, running).await.expect_status(200);
        assert_eq!(shown["respond_by"], "2026-03-13T10:00:00Z");
        let events = format!("/api/v1/cases/{}/events", running["id"].as_str().unwrap());
        let events = app.get(&events).bearer(&resident.token).await.expect_status(200);
        let event = events["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&event["kind"], &event["due_at"]), (&json!("calendar_changed"), &json!("2026-03-13T10:00:00Z")));
        assert_eq!(event["former_due_at"], "2026-03-11T10:00:00Z");
        let told = app.inbox(&member).await.iter().filter(|it| it["title"] == "期限调整").count();
        assert_eq!(told, 3, "of every open case");
        // Accepting and answering move, and nothing of what has ended.
        let moves = moved(app, &admin, &imported).await;
        let of = |case: &Value| -> Vec<&Value> { moves.iter().filter(|it| it["case_id"] == case["id"]).collect() };
        assert_eq!((of(running).len(), of(waiting).len(), of(answered).len(), of(untouched).len()), (1, 1, 0, 2));
        assert_eq!(of(running)[0]["number"], running["number"]);
        assert_eq!((&of(running)[0]["was_due_at"], &of(running)[0]["due_at"]), (&event["former_due_at"], &event["due_at"]));
        let acceptance = of(untouched).into_iter().find(|it| it["clock"] == "accept").unwrap();
        assert_eq!(acceptance["due_at"], "2026-03-04T10:00:00Z");
        let so_far = report(app, &admin, &imported).await;
        assert_eq!((&so_far["moved_cases"], so_far.get("finished_at")), (&json!(3), None));
        assert_eq!(so_far["moved"], json!([
            { "clock": "accept", "later": 1, "earlier": 0 }, { "clock": "respond", "later": 3, "earlier": 0 },
        ]));

        // A second pass, when every process knows the calendar, finds nothing more.
        let events_before = app.db_count("case_events", None).await;
        app.advance(TimeDelta::minutes(3));
        app.run_jobs().await;
        assert_eq!(app.db_count("case_events", None).await, events_before);
        let done = report(app, &admin, &imported).await;
        assert!(done["finished_at"].is_string());
        assert_eq!((&done["moved"], &done["failed"]), (&so_far["moved"], &json!(0)));

        // The pause took Monday's rest, Wednesday, and Friday until the morning.
        app.advance(TimeDelta::days(4) - TimeDelta::minutes(3));
        app.run_jobs().await;
        let (resident, member) = (app.person("resident").await, app.person("member").await);
        app.act(&resident, waiting, "supplement", &json!({ "text": "三栋" })).await.expect_status(200);
        let resumed = app.case(&member, waiting).await.expect_status(200);
        assert_eq!(resumed["respond_by"], "2026-03-17T10:00:00Z");
        app.run_jobs().await;
    }
}

story! {
    async fn a_correction_that_is_taken_back_takes_everything_back(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let resident = app.person("resident").await;
        let case = app.report(&district.code, "物业乱收费", Some(&resident)).await;
        let as_it_was = with(app, 2026, &[]).await;
        let sunday = json!({ "day": "2026-03-08", "kind": "workday" });
        let corrected = with(app, 2026, &[sunday]).await;
        let imported = import(app, &admin, &corrected).await.expect_status(201);
        app.run_jobs().await;
        let shown = app.case(&resident, &case).await.expect_status(200);
        assert_eq!(shown["respond_by"], "2026-03-10T10:00:00Z", "a Sunday that is worked counts");
        assert_eq!(report(app, &admin, &imported).await["moved"], json!([{ "clock": "respond", "later": 0, "earlier": 1 }]));

        let taken_back = import(app, &admin, &as_it_was).await.expect_status(201);
        assert_eq!(taken_back["revision"]["version"], 3);
        app.run_jobs().await;
        app.advance(TimeDelta::minutes(3));
        app.run_jobs().await;
        let followed = report(app, &admin, &imported).await;
        assert_eq!((&followed["moved_cases"], followed["finished_at"].is_string()), (&json!(1), true), "the next one goes on");
        let shown = app.case(&resident, &case).await.expect_status(200);
        assert_eq!(shown["respond_by"], case["respond_by"]);
        assert_eq!(report(app, &admin, &taken_back).await["moved"], json!([{ "clock": "respond", "later": 1, "earlier": 0 }]));
        let revisions = app.get("/api/v1/calendar/revisions?limit=1").bearer(&admin.token).await.expect_status(200);
        assert_eq!((&revisions["items"][0]["version"], revisions["next_cursor"].is_string()), (&json!(3), true));
        let log = format!("/api/v1/committees/{}/audit-entries", district.committee);
        let log = app.get(&log).bearer(&admin.token).await.expect_status(200);
        assert_eq!((&log["items"][0]["target"], log["items"].as_array().unwrap().len()), (&json!("calendar"), 2));
    }
}

story! {
    async fn a_year_that_comes_is_not_provisional_any_more_and_moves_reception_days(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let category = format!("/api/v1/categories/{}", district.category);
        app.patch(&category).bearer(&admin.token).json(&json!({ "respond_days": 215 })).await.expect_status(200);
        let resident = app.person("resident").await;
        let case = app.report(&district.code, "物业乱收费", Some(&resident)).await;
        assert_eq!((&case["respond_by"], &case["respond_by_provisional"]), (&json!("2027-01-07T10:00:00Z"), &json!(true)));
        let patterns = format!("/api/v1/stations/{}/reception-patterns", district.station);
        let pattern = json!({
            "recurrence": { "every": "month", "days": [20] }, "starts": "09:00", "ends": "11:30",
            "members": [district.member], "from_on": "2026-03-01",
        });
        app.post(&patterns).bearer(&admin.token).json(&pattern).await.expect_status(201);

        let days: Vec<Value> = (1..=8).map(|day| json!({ "day": format!("2027-01-0{day}"), "kind": "holiday", "name": "元旦" }))
            .chain([json!({ "day": "2027-01-10", "kind": "workday" })]).collect();
        let body = json!({ "year": 2027, "source": "关于2027年部分节假日安排的通知", "days": days });
        assert_eq!(year(app, 2027).await["provisional"], true);
        import(app, &admin, &body).await.expect_status(201);
        let friday = with(app, 2026, &[off("2026-03-20")]).await;
        import(app, &admin, &friday).await.expect_status(201);
        app.run_jobs().await;

        assert_eq!(year(app, 2027).await["provisional"], false);
        let shown = app.case(&resident, &case).await.expect_status(200);
        // One more day off in March; 1 and 4 to 8 January are off, and Sunday the 10th is worked.
        assert_eq!((&shown["respond_by"], &shown["respond_by_provisional"]), (&json!("2027-01-15T10:00:00Z"), &json!(false)));
        let reception = format!("/api/v1/stations/{}/reception-days", district.station);
        let reception = app.get(&reception).await.expect_status(200);
        let day = &reception["items"][0];
        assert_eq!((&day["starts_at"], &day["moved_because"]), (&json!("2026-03-23T01:00:00Z"), &json!("临时放假")));
    }
}

story! {
    async fn what_another_process_sets_running_by_the_old_calendar_is_put_right(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let other = app.another_instance().await;
        let body = with(app, 2026, &[off("2026-03-03")]).await;
        let imported = import(app, &admin, &body).await.expect_status(201);
        app.run_jobs().await;
        assert!(moved(app, &admin, &imported).await.is_empty(), "nothing was open");

        let report = json!({ "code": district.code, "text": "物业乱收费" });
        let request = other.request(reqwest::Method::POST, "/api/v1/cases").idempotency_key("late").json(&report);
        let case = request.await.expect_status(201);
        assert_eq!(case["respond_by"], "2026-03-11T10:00:00Z", "it has not heard of it yet");
        app.advance(TimeDelta::minutes(2));
        app.run_jobs().await;
        let shown = app.case(&admin, &case).await.expect_status(200);
        assert_eq!(shown["respond_by"], "2026-03-12T10:00:00Z");
        other.stop().await;
    }
}

story! {
    async fn more_cases_than_one_run_takes_are_counted_in_several(app: &App) with { tests::Setup::unlimited } {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let case = app.report(&district.code, "物业乱收费", None).await;
        app.run_jobs().await;
        app.copy_case(&case, 1_100).await;
        let body = with(app, 2026, &[off("2026-03-05")]).await;
        let imported = import(app, &admin, &body).await.expect_status(201);
        app.run_jobs().await;
        let counted = report(app, &admin, &imported).await;
        assert_eq!(counted["moved"], json!([{ "clock": "respond", "later": 1_101, "earlier": 0 }]));
        assert_eq!(app.db_count("case_events", Some("kind = 'calendar_changed'")).await, 1_101);
    }
}

story! {
    async fn every_faulty_row_is_named_and_nothing_is_kept(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let body = json!({ "year": 2027, "source": " ", "days": [
            { "day": "2027-01-01", "kind": "holiday", "name": "元旦" },
            { "day": "1 January", "kind": "holiday", "name": "元旦" },
            { "day": "2027-01-02", "kind": "holiday" },
            { "day": "2027-01-04", "kind": "workday" },
            { "day": "2027-01-01", "kind": "holiday", "name": "元旦" },
            { "day": "2025-06-01", "kind": "holiday", "name": "端午节" },
            { "day": "2027-01-03", "kind": "half" },
        ] });
        let problem = import(app, &admin, &body).await.expect_problem(422, "validation_failed");
        let mut faults: Vec<String> = problem["errors"].as_array().unwrap().iter()
            .map(|it| format!("{} {}", it["pointer"].as_str().unwrap(), it["code"].as_str().unwrap())).collect();
        faults.sort();
        assert_eq!(faults, ["/days/1/day invalid", "/days/2/name blank", "/days/3/day not_a_weekend",
            "/days/4/day named_twice", "/days/5/day outside_year", "/days/6/kind invalid", "/source blank"]);
        // The year before has its own word on the day.
        let twice = json!({ "year": 2027, "source": "通知", "days": [off("2026-12-31")] });
        let of_2026 = with(app, 2026, &[off("2026-12-31")]).await;
        import(app, &admin, &of_2026).await.expect_status(201);
        let problem = import(app, &admin, &twice).await.expect_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "named_by_another_year");
        for (year, days) in [(1999, json!([off("1999-01-01")])), (2027, json!([]))] {
            let body = json!({ "year": year, "source": "通知", "days": days });
            import(app, &admin, &body).await.expect_problem(422, "validation_failed");
        }
        import(app, &manager, &body).await.expect_problem(404, "not_found");
        assert_eq!(app.db_count("calendar_revisions", None).await, 1);
        app.run_jobs().await;
    }
}
