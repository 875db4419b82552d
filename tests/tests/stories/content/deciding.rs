//! A person decides on what was held back.

use domain::role::Role;
use serde_json::json;
use tests::{Setup, story};

use super::{IN_PLACE, decide, queue, read_text};

story! {
    async fn what_is_allowed_is_shown_and_what_is_refused_is_not_and_the_resident_is_told_why(app: &App) with { Setup::checking_content } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let good = app.report(&district.code, "上级部门 SIM_REVIEW_20001", Some(&resident)).await;
        let bad = app.report(&district.code, "骂人的话 SIM_RISKY_20003", Some(&resident)).await;
        app.run_jobs().await;
        let pieces = queue(app, &district, &manager).await;
        assert_eq!(pieces.len(), 2);

        let allowed = decide(app, &manager, &pieces[0], "allow", &json!({ "reason": "正常反映" })).await.expect_status(200);
        assert_eq!((&allowed["state"], &allowed["case_id"]), (&json!("allowed"), &good["id"]));
        let refused = decide(app, &manager, &pieces[1], "refuse", &json!({ "reason": "含有辱骂他人的词语" })).await.expect_status(200);
        assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!("含有辱骂他人的词语")));
        app.run_jobs().await;

        assert_eq!(read_text(app, &resident, &good).await, "上级部门 SIM_REVIEW_20001");
        assert!(read_text(app, &resident, &bad).await.starts_with(IN_PLACE));
        assert!(read_text(app, &manager, &bad).await.starts_with("骂人的话"));
        assert_eq!(app.case(&manager, &bad).await.json()["state"], "assigned", "the matter goes on");
        assert!(queue(app, &district, &manager).await.is_empty());
        assert!(app.told_of(&resident, &bad).await.contains(&"部分内容不予显示".to_owned()));
        assert!(!app.told_of(&resident, &good).await.contains(&"部分内容不予显示".to_owned()));
        let path = format!("/api/v1/cases/{}/events", bad["id"].as_str().unwrap());
        let events = app.get(&path).bearer(&resident.token).await.expect_status(200);
        let shown = events["items"].as_array().unwrap().iter().find(|it| it["kind"] == "content_refused").unwrap().clone();
        assert_eq!((&shown["text"], &shown["entry"]), (&json!("含有辱骂他人的词语"), &json!(1)));
    }
}

story! {
    async fn a_decision_is_made_once_by_who_runs_the_station(app: &App) with { Setup::checking_content } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let other = app.staff("other", Role::StationManager, district.other_station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        app.report(&district.code, "上级部门 SIM_REVIEW_20001", Some(&resident)).await;
        app.run_jobs().await;
        let piece = queue(app, &district, &admin).await[0].clone();
        let reason = json!({ "reason": "正常反映" });

        decide(app, &other, &piece, "allow", &reason).await.expect_problem(404, "not_found");
        decide(app, &member, &piece, "allow", &reason).await.expect_problem(403, "not_allowed");
        decide(app, &resident, &piece, "allow", &reason).await.expect_problem(403, "not_allowed");
        decide(app, &manager, &piece, "refuse", &json!({})).await.expect_problem(422, "validation_failed");
        decide(app, &manager, &piece, "refuse", &json!({ "reason": " " })).await.expect_problem(422, "validation_failed");
        decide(app, &manager, &piece, "allow", &json!({ "reason": "长".repeat(501) })).await.expect_problem(422, "validation_failed");
        let path = format!("/api/v1/stations/{}/held-contents", district.station);
        for stranger in [&other, &member, &resident] {
            app.get(&path).bearer(&stranger.token).await.expect_problem(404, "not_found");
        }

        let call = format!("/api/v1/held-contents/{}/allow", piece["id"].as_str().unwrap());
        let keyed = || app.post(&call).bearer(&manager.token).idempotency_key("once").json(&reason);
        let first = keyed().await;
        first.expect_status(200);
        assert_eq!(keyed().await.bytes(), first.bytes());
        let late = decide(app, &admin, &piece, "refuse", &reason).await.expect_problem(409, "wrong_state");
        assert_eq!(late["state"], "allowed");
        let unknown = json!({ "id": "00000000-0000-7000-8000-00000000dead" });
        decide(app, &manager, &unknown, "allow", &reason).await.expect_problem(404, "not_found");
        app.run_jobs().await;
    }
}

story! {
    async fn the_queue_comes_in_pages(app: &App) with { |setup| setup.checking_content().unlimited() } {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        for number in 0..5 {
            app.report(&district.code, &format!("第{number}件 SIM_REVIEW_20001"), Some(&resident)).await;
        }
        app.run_jobs().await;
        let mut seen = Vec::new();
        let mut next = format!("/api/v1/stations/{}/held-contents?limit=2", district.station);
        loop {
            let page = app.get(&next).bearer(&manager.token).await.expect_status(200);
            seen.extend(page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            next = format!("/api/v1/stations/{}/held-contents?limit=2&cursor={cursor}", district.station);
        }
        let all: Vec<String> = queue(app, &district, &manager).await.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!((seen.len(), &seen), (5, &all));
    }
}
