//! Pictures: WeChat fetches them by a link of our own, and says what it found by a push.

use std::time::Duration;

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Person, Setup, eventually, story};
use wechat_sim::{Fault, FaultKind, MediaOutcome, PushOptions};

use super::{decide, queue, report_with, upload};

const CHECK: &str = "/wxa/media_check_async";

fn path(picture: &Value) -> String {
    format!("/api/v1/uploads/{}/320", picture["id"].as_str().unwrap())
}

/// Where the check of a case's only picture stands, as staff see it.
async fn check_of(app: &App, by: &Person, case: &Value) -> String {
    let shown = app.case(by, case).await.expect_status(200);
    shown["uploads"][0]["check"].as_str().unwrap().to_owned()
}

story! {
    async fn a_picture_that_passes_is_shown_and_its_link_ends(app: &App) with { Setup::checking_content } {
        app.configure_push().await;
        let district = app.district().await;
        let (resident, member) = (app.person("resident").await, app.staff("member", Role::Member, district.member.0).await);
        let picture = upload(app, Some(&resident), 40).await;
        let case = report_with(app, &district, Some(&resident), &[&picture]).await;
        app.run_jobs().await;
        assert_eq!(check_of(app, &member, &case).await, "pending");

        let links = app.wechat().picture_links();
        let link = links[0].strip_prefix("https://m.example").unwrap().to_owned();
        assert!(link.starts_with("/mc/") && link.ends_with(".jpg") && !link.contains('?'), "{link}");
        let whole = app.get(&link).await;
        assert_eq!((whole.status(), whole.header("content-type")), (200, "image/jpeg"));
        let length = whole.bytes().len();
        assert_eq!(whole.header("content-length"), length.to_string());
        let head = app.request(reqwest::Method::HEAD, &link).await;
        assert_eq!((head.status(), head.bytes().len()), (200, 0));
        assert_eq!(head.header("content-length"), length.to_string());
        let part = app.get(&link).header("range", "bytes=2-5").await;
        assert_eq!((part.status(), part.bytes()), (206, &whole.bytes()[2..6]));
        assert_eq!(part.header("content-range"), format!("bytes 2-5/{length}"));
        assert_eq!(app.get(&link).header("range", "bytes=99999999-").await.status(), 416);
        app.get("/mc/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.jpg").await.expect_problem(404, "not_found");

        let delivered = app.deliver_pushes().await;
        assert_eq!((delivered.len(), delivered[0].taken, delivered[0].attempts), (1, true, 1));
        app.run_jobs().await;
        assert_eq!(check_of(app, &member, &case).await, "passed");
        app.get(&link).await.expect_problem(404, "not_found");
        assert_eq!(app.db_count("wechat_pushes", Some("state = 'done' AND body_sealed IS NULL")).await, 1);
    }
}

story! {
    async fn whatever_else_is_found_of_a_picture_sends_it_to_a_person(app: &App) with { Setup::checking_content } {
        app.configure_push().await;
        let district = app.district().await;
        let (resident, member) = (app.person("resident").await, app.staff("member", Role::Member, district.member.0).await);
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let found = [("risky", 20002, "risky", json!(20002)), ("review", 20001, "review", json!(20001)),
            ("something new", 100, "review", json!(100))];
        for (round, (suggest, label, finding, shown)) in (0_u32..).zip(found) {
            app.wechat().set_media_outcome(MediaOutcome { suggest: suggest.to_owned(), label });
            let picture = upload(app, Some(&resident), 40 + round).await;
            let case = report_with(app, &district, Some(&resident), &[&picture]).await;
            app.run_jobs().await;
            app.deliver_pushes().await;
            app.run_jobs().await;
            assert_eq!(check_of(app, &member, &case).await, "held");
            let piece = queue(app, &district, &manager).await.last().unwrap().clone();
            assert_eq!((&piece["finding"], &piece["label"]), (&json!(finding), &shown));
            assert_eq!((&piece["upload_id"], &piece["text"]), (&picture["id"], &Value::Null));
            app.get(&path(&picture)).bearer(&resident.token).await.expect_problem(404, "not_found");
            assert_eq!(app.get(&path(&picture)).bearer(&manager.token).await.status(), 200);
        }
    }
}

story! {
    async fn a_picture_that_wechat_can_not_fetch_or_does_not_take_goes_to_a_person(app: &App) with { Setup::checking_content } {
        app.configure_push().await;
        app.wechat().set_host("https://m.example", "http://127.0.0.1:1");
        let district = app.district().await;
        let resident = app.person("resident").await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let picture = upload(app, Some(&resident), 40).await;
        report_with(app, &district, Some(&resident), &[&picture]).await;
        app.run_jobs().await;
        app.deliver_pushes().await;
        app.run_jobs().await;
        assert_eq!(queue(app, &district, &manager).await[0]["finding"], "not_fetched");

        for (round, (errcode, finding)) in (0_usize..).zip([(61010, "not_seen"), (45009, "quota"), (87020, "not_taken")]) {
            for _ in 0..10 {
                app.wechat().order(Fault::once(CHECK, FaultKind::Errcode(errcode))).unwrap();
            }
            let picture = upload(app, Some(&resident), 41 + u32::try_from(round).unwrap()).await;
            report_with(app, &district, Some(&resident), &[&picture]).await;
            app.run_jobs().await;
            app.wechat().clear_faults();
            let pieces = queue(app, &district, &manager).await;
            assert_eq!((pieces.len(), &pieces[round + 1]["finding"]), (round + 2, &json!(finding)));
        }
    }
}

story! {
    async fn a_result_that_never_comes_sends_the_picture_to_a_person_and_may_come_too_late(app: &App) with { Setup::checking_content } {
        app.configure_push().await;
        let district = app.district().await;
        let resident = app.person("resident").await;
        app.staff("member", Role::Member, district.member.0).await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let picture = upload(app, Some(&resident), 40).await;
        let case = report_with(app, &district, Some(&resident), &[&picture]).await;
        app.run_jobs().await;
        let link = app.wechat().picture_links()[0].strip_prefix("https://m.example").unwrap().to_owned();

        app.advance(TimeDelta::minutes(44));
        app.run_jobs().await;
        assert_eq!(check_of(app, &app.person("member").await, &case).await, "pending");
        app.advance(TimeDelta::minutes(2));
        app.get(&link).await.expect_problem(404, "not_found");
        app.run_jobs().await;
        let pieces = queue(app, &district, &app.person("manager").await).await;
        assert_eq!((pieces.len(), &pieces[0]["finding"]), (1, &json!("late")));

        // What was held back is not shown by itself.
        let trace = "00000000-00000000-00000000";
        app.run_sql("UPDATE content_checks SET trace_id = $1 WHERE upload_id IS NOT NULL", [trace.into()]).await;
        let passed = json!({ "appid": "wx", "trace_id": trace, "errcode": 0, "result": { "suggest": "pass", "label": 100 } });
        app.wechat().push_event("o1", "wxa_media_check", passed);
        app.wechat().set_host("https://m.example", "http://127.0.0.1:1");
        app.deliver_pushes().await;
        app.run_jobs().await;
        assert_eq!(check_of(app, &app.person("member").await, &case).await, "held");
    }
}

story! {
    async fn a_result_may_come_twice_or_three_times_or_of_nothing(app: &App) with { Setup::checking_content } {
        app.configure_push().await;
        let district = app.district().await;
        let (resident, member) = (app.person("resident").await, app.staff("member", Role::Member, district.member.0).await);
        let odd = PushOptions { duplicates: 2, reorder: true, numbers_as_text: true, ..PushOptions::default() };
        app.wechat().set_push_options(odd);
        let pictures = [upload(app, Some(&resident), 40).await, upload(app, Some(&resident), 41).await];
        let case = report_with(app, &district, Some(&resident), &[&pictures[0], &pictures[1]]).await;
        app.run_jobs().await;
        let unknown = json!({ "trace_id": "11111111-22222222-33333333", "errcode": 0, "result": { "suggest": "pass" } });
        app.wechat().push_event("o1", "wxa_media_check", unknown);

        let delivered = app.deliver_pushes().await;
        assert_eq!((delivered.len(), delivered.iter().all(|it| it.taken)), (9, true));
        app.run_jobs().await;
        let shown = app.case(&member, &case).await.expect_status(200);
        assert!(shown["uploads"].as_array().unwrap().iter().all(|it| it["check"] == "passed"), "{}", shown["uploads"]);
        assert_eq!(app.db_count("wechat_pushes", None).await, 3, "each is kept once");
        assert_eq!(app.db_count("wechat_pushes", Some("state = 'waiting'")).await, 1, "what belongs to nothing waits");
        app.advance(TimeDelta::days(8));
        app.run_jobs().await;
        assert_eq!(app.db_count("wechat_pushes", None).await, 0, "and is forgotten");
    }
}

story! {
    async fn a_result_may_come_before_the_answer_that_names_it(app: &App) with { Setup::checking_content } {
        app.configure_push().await;
        let district = app.district().await;
        let (resident, member) = (app.person("resident").await, app.staff("member", Role::Member, district.member.0).await);
        let picture = upload(app, Some(&resident), 40).await;
        let case = report_with(app, &district, Some(&resident), &[&picture]).await;
        let another = app.another_instance().await;
        app.wechat().order(Fault::once(CHECK, FaultKind::Slow(Duration::from_secs(3)))).unwrap();
        let early = async {
            eventually("WeChat has the link", async || !app.wechat().picture_links().is_empty()).await;
            app.deliver_pushes().await;
            another.run_jobs().await;
            assert_eq!(app.db_count("wechat_pushes", Some("state = 'waiting'")).await, 1);
        };
        tokio::join!(app.run_jobs(), early);

        assert_eq!(check_of(app, &member, &case).await, "passed");
        assert_eq!(app.db_count("wechat_pushes", Some("state = 'done'")).await, 1);
        another.stop().await;
        app.run_jobs().await;
    }
}

story! {
    async fn pictures_of_staff_are_theirs_to_answer_for_and_those_of_tickets_are_for_a_person(app: &App) with { Setup::checking_content } {
        let district = app.district().await;
        let (resident, member) = (app.person("resident").await, app.staff("member", Role::Member, district.member.0).await);
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let case = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.act(&member, &case, "accept", &json!({})).await.expect_status(200);
        let photo = upload(app, Some(&member), 50).await;
        let answer = json!({ "text": "已修复", "evidence": "photo", "uploads": [photo["id"]] });
        app.act(&member, &case, "respond", &answer).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(app.get(&path(&photo)).bearer(&resident.token).await.status(), 200, "the resident sees the proof");
        assert_eq!(app.wechat().calls(CHECK), 0);

        let picture = upload(app, None, 51).await;
        let receipt = report_with(app, &district, None, &[&picture]).await;
        let ticket = receipt["case_ticket"].as_str().unwrap();
        app.run_jobs().await;
        app.get(&path(&picture)).ticket(ticket).await.expect_problem(404, "not_found");
        let pieces = queue(app, &district, &manager).await;
        assert_eq!((pieces.len(), &pieces[0]["finding"]), (1, &json!("not_by_wechat")));
        decide(app, &manager, &pieces[0], "allow", &json!({})).await.expect_status(200);
        assert_eq!(app.get(&path(&picture)).ticket(ticket).await.status(), 200);
        app.run_jobs().await;
    }
}
