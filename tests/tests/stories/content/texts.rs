//! Texts: checked by WeChat right after they came.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::json;
use tests::{Setup, story};
use wechat_sim::{Fault, FaultKind};

use super::{IN_PLACE, queue, read_text};

const CHECK: &str = "/wxa/msg_sec_check";

story! {
    async fn a_text_that_passes_leaves_no_trace(app: &App) with { Setup::checking_content } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let case = app.report(&district.code, "电梯坏了三天", Some(&resident)).await;
        app.run_jobs().await;

        assert_eq!(app.wechat().calls(CHECK), 1);
        assert_eq!(app.db_count("content_checks", Some("state = 'passed'")).await, 1);
        assert_eq!(read_text(app, &resident, &case).await, "电梯坏了三天");
        assert_eq!(app.case(&resident, &case).await.json()["text_held"], false);
        assert!(queue(app, &district, &manager).await.is_empty());
        let path = format!("/api/v1/cases/{}/events", case["id"].as_str().unwrap());
        let events = app.get(&path).bearer(&manager.token).await.expect_status(200);
        assert_eq!(events["items"].as_array().unwrap().len(), 1);
    }
}

story! {
    async fn what_does_not_pass_waits_for_a_person_and_the_case_goes_on(app: &App) with { |setup| setup.checking_content().unlimited() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let refused = |errcode| Some(FaultKind::Errcode(errcode));
        let cases = [
            ("电梯坏了 SIM_RISKY_20006", None, "risky", Some(20006)),
            ("电梯坏了 SIM_REVIEW_20001", None, "review", Some(20001)),
            ("电梯坏了 SIM_FAIL_-1", None, "unavailable", None),
            ("电梯坏了", refused(45009), "quota", None),
            ("电梯坏了", refused(44991), "quota", None),
            ("电梯坏了", refused(61010), "not_seen", None),
            ("电梯坏了", refused(40003), "not_taken", None),
            ("电梯坏了", Some(FaultKind::DropAfter), "unavailable", None),
        ];
        for (round, (text, fault, finding, label)) in cases.into_iter().enumerate() {
            // Whatever the client tries again fails again.
            for _ in 0..10 {
                if let Some(kind) = fault.clone() {
                    app.wechat().order(Fault::once(CHECK, kind)).unwrap();
                }
            }
            let case = app.report(&district.code, text, Some(&resident)).await;
            app.run_jobs().await;
            app.wechat().clear_faults();

            let pieces = queue(app, &district, &manager).await;
            assert_eq!(pieces.len(), round + 1, "{text}");
            let piece = pieces.last().unwrap();
            assert_eq!((&piece["finding"], &piece["label"]), (&json!(finding), &json!(label)), "{text}");
            assert_eq!((&piece["text"], &piece["case_id"], &piece["event_seq"]), (&json!(text), &case["id"], &json!(1)));
            assert!(read_text(app, &resident, &case).await.starts_with(IN_PLACE));
            assert_eq!(read_text(app, &member, &case).await, text);
            let shown = app.case(&member, &case).await.json();
            assert_eq!((&shown["state"], &shown["text_held"]), (&json!("assigned"), &json!(true)));
            assert_eq!(shown["respond_by"], case["respond_by"], "the clock runs on");
            assert_eq!(shown["version"], 1, "nobody who works on it has to look again");
        }
        let mine = app.get("/api/v1/cases?view=mine").bearer(&resident.token).await.expect_status(200);
        assert!(mine["items"].as_array().unwrap().iter().all(|it| it["excerpt"].as_str().unwrap().starts_with(IN_PLACE)));
        let theirs = app.get("/api/v1/cases?view=station").bearer(&manager.token).await.expect_status(200);
        assert!(theirs["items"].as_array().unwrap().iter().all(|it| it["excerpt"].as_str().unwrap().starts_with("电梯")));
        let told = app.inbox(&manager).await.iter().filter(|it| it["title"] == "内容待审核").count();
        assert_eq!(told, 8, "the manager is told of each");
    }
}

story! {
    async fn whoever_has_not_opened_the_mini_program_for_two_hours_goes_to_a_person(app: &App) with { Setup::checking_content } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let case = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.advance(TimeDelta::minutes(121));
        app.run_jobs().await;

        let pieces = queue(app, &district, &app.person("manager").await).await;
        assert_eq!((pieces.len(), &pieces[0]["finding"]), (1, &json!("not_seen")));
        assert!(read_text(app, &app.person("resident").await, &case).await.starts_with(IN_PLACE));
    }
}

story! {
    async fn what_is_added_is_checked_too_and_held_back_in_the_history(app: &App) with { Setup::checking_content } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let case = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.act(&resident, &case, "supplement", &json!({ "text": "又坏了 SIM_RISKY_20003" })).await.expect_status(200);
        app.run_jobs().await;

        let path = format!("/api/v1/cases/{}/events", case["id"].as_str().unwrap());
        let history = async |by: &tests::Person| {
            let events = app.get(&path).bearer(&by.token).await.expect_status(200);
            events["items"].as_array().unwrap().clone()
        };
        let supplement = |events: &[serde_json::Value]| {
            let found = events.iter().find(|event| event["kind"] == "supplement").unwrap();
            found["text"].as_str().unwrap().to_owned()
        };
        let (his, theirs) = (history(&resident).await, history(&member).await);
        assert!(supplement(&his).starts_with(IN_PLACE));
        assert!(supplement(&theirs).starts_with("又坏了"));
        assert!(his.iter().all(|event| event["kind"] != "content_held"), "residents read what was decided, not what waits");
        let held = theirs.iter().find(|event| event["kind"] == "content_held").unwrap();
        assert_eq!((&held["entry"], &held["party"]), (&json!(2), &json!("system")));
        assert_eq!(read_text(app, &resident, &case).await, "电梯坏了", "the report itself has passed");
        assert_eq!(queue(app, &district, &manager).await[0]["text"], "又坏了 SIM_RISKY_20003");
    }
}

story! {
    async fn nobody_asks_wechat_about_staff_about_tickets_or_twice(app: &App) with { Setup::checking_content } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.report(&district.code, "电梯坏了", None).await;
        app.run_jobs().await;
        assert_eq!(app.wechat().calls(CHECK), 0, "a ticket is nobody whom WeChat knows");

        let case = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.act(&member, &case, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已修复 SIM_RISKY_20001", "evidence": "explanation" });
        app.act(&member, &case, "respond", &answer).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(app.wechat().calls(CHECK), 1, "staff answer for their words themselves");

        // Whatever makes a job run again asks nothing again.
        let id = case["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
        api::service::content::check_event(app.state(), id.into(), 1).await.unwrap();
        assert_eq!(app.wechat().calls(CHECK), 1);
        assert_eq!(app.db_count("content_checks", None).await, 1);
    }
}
