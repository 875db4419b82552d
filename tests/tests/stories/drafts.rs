//! Drafts of answers: kept with the case, never overwritten unseen, gone with the answer.

use chrono::TimeDelta;
use domain::role::Role;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, App, Person, story};

use crate::pictures;

fn path(case: &Value) -> String {
    format!("/api/v1/cases/{}/draft", case["id"].as_str().unwrap())
}

async fn keep(app: &App, by: &Person, case: &Value, text: &str, seen: Option<i64>) -> Answer {
    let request = app.request(Method::PUT, &path(case)).bearer(&by.token);
    let request = request.json(&json!({ "text": text, "evidence": "visit" }));
    match seen {
        Some(version) => request.header("if-match", &format!("\"{version}\"")).await,
        None => request.await,
    }
}

async fn show(app: &App, by: &Person, case: &Value) -> Answer {
    app.get(&path(case)).bearer(&by.token).await
}

story! {
    async fn a_draft_stays_with_the_case_when_another_member_gets_it(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        show(app, &member, &receipt).await.expect_problem(404, "not_found");
        let text = "物业公司将于{{日期}}前修好";
        let kept = keep(app, &member, &receipt, text, None).await;
        assert_eq!(kept.header("etag"), "\"1\"");

        let to = json!({ "member_id": district.colleague.0, "reason": "请办理" });
        app.act(&manager, &receipt, "reassign", &to).await.expect_status(200);

        show(app, &member, &receipt).await.expect_problem(404, "not_found");
        let found = show(app, &colleague, &receipt).await;
        assert_eq!(found.header("cache-control"), "no-store");
        let draft = found.expect_status(200);
        assert_eq!((&draft["text"], &draft["evidence"], &draft["version"]), (&json!(text), &json!("visit"), &json!(1)));
        assert_eq!((&draft["member_name"], &draft["by_me"]), (&json!("甲青山"), &json!(false)));
        for stranger in [&resident, &app.person("other").await] {
            let refused = show(app, stranger, &receipt).await;
            assert!(matches!(refused.status(), 403 | 404), "{}", refused.status());
            assert!(!refused.json().to_string().contains("物业公司"));
        }
        let seen = app.case(&resident, &receipt).await.expect_status(200).to_string();
        assert!(!seen.contains("物业公司将于"), "a draft is no part of the case");
        app.run_jobs().await;
    }
}

story! {
    async fn nobody_overwrites_a_draft_that_he_has_not_seen(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        keep(app, &member, &receipt, "一", Some(1)).await.expect_problem(412, "version_conflict");
        keep(app, &member, &receipt, "一", None).await.expect_status(200);

        let blind = keep(app, &manager, &receipt, "二", None).await.expect_problem(412, "version_conflict");
        assert_eq!((&blind["current"]["text"], &blind["current"]["version"]), (&json!("一"), &json!(1)));
        assert_eq!(keep(app, &manager, &receipt, "二", Some(1)).await.expect_status(200)["version"], 2);
        let late = keep(app, &member, &receipt, "三", Some(1)).await.expect_problem(412, "version_conflict");
        assert_eq!(late["current"]["text"], "二");

        let discard = async |seen: &str| app.delete(&path(&receipt)).bearer(&member.token).header("if-match", seen).await;
        assert_eq!(discard("\"1\"").await.expect_problem(412, "version_conflict")["current"]["version"], 2);
        discard("\"2\"").await.expect_status(204);
        discard("\"2\"").await.expect_problem(404, "not_found");
        let gone = keep(app, &manager, &receipt, "四", Some(2)).await.expect_problem(412, "version_conflict");
        assert_eq!(gone["current"], json!(null), "it was thrown away");
        app.run_jobs().await;
    }
}

story! {
    async fn a_picture_of_a_draft_waits_with_it_and_goes_out_with_whoever_answers(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        app.staff("colleague", Role::Member, district.colleague.0).await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        let send = async |by: &Person, key: &str| {
            let request = app.post("/api/v1/uploads").bearer(&by.token).idempotency_key(key);
            request.file("a.png", "image/png", &pictures::png(8, 8)).await.expect_status(201)["id"].clone()
        };
        let (mine, foreign) = (send(&member, "a").await, send(&resident, "b").await);
        let put = async |uploads: Value, seen: &str| {
            let request = app.request(Method::PUT, &path(&receipt)).bearer(&member.token).header("if-match", seen);
            request.json(&json!({ "text": "扶手已更换", "uploads": uploads })).await
        };
        let first = app.request(Method::PUT, &path(&receipt)).bearer(&member.token);
        let first = first.json(&json!({ "text": "扶手已更换", "uploads": [mine] })).await.expect_status(200);
        assert_eq!(first["uploads"], json!([mine]));
        put(json!([foreign]), "\"1\"").await.expect_problem(422, "upload_unknown");
        put(json!([mine, mine]), "\"1\"").await.expect_problem(422, "upload_unknown");
        put(json!(vec![mine.clone(); 10]), "\"1\"").await.expect_problem(422, "validation_failed");
        assert_eq!(show(app, &member, &receipt).await.expect_status(200), first, "what was refused has changed nothing");

        // A picture that nobody wants goes after a day; this one waits with its draft.
        app.advance(TimeDelta::hours(26));
        app.run_jobs().await;
        assert_eq!(app.db_count("uploads", None).await, 1);
        let (manager, colleague, resident) =
            (app.person("manager").await, app.person("colleague").await, app.person("resident").await);
        let picture = format!("/api/v1/uploads/{}/320", mine.as_str().unwrap());
        app.get(&picture).bearer(&colleague.token).await.expect_problem(404, "not_found");
        let to = json!({ "member_id": district.colleague.0, "reason": "请办理" });
        app.act(&manager, &receipt, "reassign", &to).await.expect_status(200);
        assert_eq!(app.get(&picture).bearer(&colleague.token).await.status(), 200);
        app.get(&picture).bearer(&resident.token).await.expect_problem(404, "not_found");

        app.act(&colleague, &receipt, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "扶手已更换", "evidence": "photo", "uploads": [mine] });
        let answered = app.act(&colleague, &receipt, "respond", &answer).await.expect_status(200);
        assert_eq!(answered["uploads"][0]["id"], mine);
        assert_eq!(app.db_count("draft_uploads", None).await, 0);
        app.run_jobs().await;
    }
}

story! {
    async fn of_many_who_write_at_the_same_moment_one_is_kept_and_the_others_are_told(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        for (seen, version) in [(None, 1), (Some(1), 2)] {
            let answers = join_all((0..6).map(|n| {
                let member = &member;
                let receipt = &receipt;
                async move { keep(app, member, receipt, &format!("第{n}稿"), seen).await }
            }));
            let answers = answers.await;
            let kept: Vec<&Answer> = answers.iter().filter(|answer| answer.status() == 200).collect();
            assert_eq!((kept.len(), &kept[0].json()["version"]), (1, &json!(version)));
            for other in answers.iter().filter(|answer| answer.status() != 200) {
                let told = other.expect_problem(412, "version_conflict");
                assert_eq!(told["current"]["text"], kept[0].json()["text"]);
            }
        }
        app.run_jobs().await;
    }
}

story! {
    async fn a_draft_that_is_sent_again_is_kept_once(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let put = |key: &str, text: &str| {
            let request = app.request(Method::PUT, &path(&receipt)).bearer(&member.token).idempotency_key(key);
            request.json(&json!({ "text": text })).into_future()
        };
        let first = put("k", "一").await;
        let again = put("k", "一").await;
        assert_eq!(first.expect_status(200), again.expect_status(200));
        put("k", "二").await.expect_problem(422, "idempotency_key_reused");
        for text in [" ".to_owned(), "长".repeat(4001)] {
            let refused = put("other", &text).await.expect_problem(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], "/text");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn the_answer_ends_its_draft_and_nothing_is_drafted_after_it(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        keep(app, &member, &receipt, "草稿", None).await.expect_status(200);
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已修复", "evidence": "visit" });
        app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
        show(app, &member, &receipt).await.expect_problem(404, "not_found");
        let refused = keep(app, &member, &receipt, "草稿", None).await.expect_problem(409, "wrong_state");
        assert_eq!(refused["state"], "responded");

        // With a case that will get no answer, the draft goes too.
        let other = app.report(&district.code, "电梯异响", Some(&resident)).await;
        keep(app, &member, &other, "草稿", None).await.expect_status(200);
        app.act(&resident, &other, "withdraw", &json!({})).await.expect_status(200);
        assert_eq!(app.db_count("case_drafts", None).await, 0);
        app.run_jobs().await;
    }
}
