//! What an answer is made of: templates with fields, and a look over it before it is sent.

use domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, App, District, Person, story};

const BODY: &str = "您好，您反映的问题已转{{单位}}，预计{{日期}}前办结，感谢您的监督。";

async fn template(app: &App, admin: &Person, district: &District, title: &str) -> Value {
    let body = json!({ "committee_id": district.committee, "category_id": district.category, "title": title, "body": BODY });
    app.post("/api/v1/answer-templates").bearer(&admin.token).json(&body).await.expect_status(201)
}

async fn change(app: &App, by: &Person, template: &Value, body: &Value) -> Answer {
    let path = format!("/api/v1/answer-templates/{}", template["id"].as_str().unwrap());
    app.request(Method::PATCH, &path).bearer(&by.token).json(body).await
}

async fn titles(app: &App, by: &Person, query: &str) -> Vec<String> {
    let path = format!("/api/v1/answer-templates?limit=1{query}");
    let (mut titles, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("{path}{cursor}")).bearer(&by.token).await.expect_status(200);
        titles.extend(
            page["items"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return titles,
        }
    }
}

async fn accepted(app: &App, district: &District, member: &Person, by: Option<&Person>) -> Value {
    let body = json!({ "code": district.code, "text": "电梯坏了", "member_id": district.member });
    let receipt = app.send_report(&body, by).await.expect_status(201);
    app.act(member, &receipt, "accept", &json!({})).await.expect_status(200);
    receipt
}

story! {
    async fn templates_are_written_by_the_committee_and_offered_to_its_staff(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let foreign = app.staff("foreign", Role::CommitteeAdmin, neighbours.committee.0).await;
        let first = template(app, &admin, &district, "转办告知").await;
        assert_eq!((&first["fields"], &first["active"]), (&json!(["单位", "日期"]), &json!(true)));
        template(app, &admin, &district, "办结告知").await;
        assert_eq!(titles(app, &member, "").await, ["转办告知", "办结告知"]);
        assert_eq!(titles(app, &member, &format!("&category={}", district.category)).await.len(), 2);
        assert!(titles(app, &member, &format!("&category={}", district.station)).await.is_empty());
        assert!(titles(app, &foreign, "").await.is_empty());

        let refused = change(app, &admin, &first, &json!({ "title": "办结告知" })).await;
        refused.expect_problem(409, "already_exists");
        change(app, &foreign, &first, &json!({ "active": false })).await.expect_problem(404, "not_found");
        change(app, &member, &first, &json!({ "active": false })).await.expect_problem(403, "not_allowed");
        let new = json!({ "title": "已转办", "body": "已转{{单位}}。", "category_id": null, "active": false });
        let changed = change(app, &admin, &first, &new).await.expect_status(200);
        assert_eq!((&changed["fields"], &changed["category_id"]), (&json!(["单位"]), &json!(null)));
        let only_active = change(app, &admin, &first, &json!({})).await.expect_status(200);
        assert_eq!((&only_active["title"], &only_active["active"]), (&json!("已转办"), &json!(false)), "the rest stays");
        assert_eq!(titles(app, &member, "").await, ["办结告知"]);
        assert_eq!(titles(app, &member, "&inactive=true").await, ["办结告知"], "for those who run it alone");
        assert_eq!(titles(app, &admin, "&inactive=true").await, ["已转办", "办结告知"]);
        app.run_jobs().await;
    }
}

story! {
    async fn a_template_with_a_broken_field_or_a_foreign_category_is_refused(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let post = async |change: Value| {
            let mut body = json!({ "committee_id": district.committee, "title": "告知", "body": BODY });
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            app.post("/api/v1/answer-templates").bearer(&admin.token).json(&body).await
        };
        for (wrong, pointer) in [
            (json!({ "body": "于{{日期完成" }), "/body"),
            (json!({ "body": "于{{}}完成" }), "/body"),
            (json!({ "body": "长".repeat(4001) }), "/body"),
            (json!({ "title": " " }), "/title"),
            (json!({ "title": "长".repeat(61) }), "/title"),
            (json!({ "category_id": district.station }), "/category_id"),
        ] {
            let problem = post(wrong.clone()).await.expect_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{wrong}");
        }
        post(json!({ "committee_id": neighbours.committee })).await.expect_problem(404, "not_found");
        assert_eq!(app.db_count("answer_templates", None).await, 0);
        let request = || app.post("/api/v1/answer-templates").bearer(&admin.token).idempotency_key("k");
        let body = json!({ "committee_id": district.committee, "title": "告知", "body": BODY });
        let first = request().json(&body).await.expect_status(201);
        assert_eq!(request().json(&body).await.expect_status(201), first, "sent twice, made once");
        post(json!({})).await.expect_problem(409, "already_exists");
    }
}

story! {
    async fn an_answer_with_an_unfilled_field_is_not_sent(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = accepted(app, &district, &member, None).await;
        for (text, fields) in [
            ("已转{{单位}}，{{日期}}前办结。", json!(["{{单位}}", "{{日期}}"])),
            ("已由【单位名称】修复。", json!(["【单位名称】"])),
        ] {
            let answer = json!({ "text": text, "evidence": "explanation" });
            let refused = app.act(&member, &receipt, "respond", &answer).await.expect_problem(422, "answer_unfilled");
            assert_eq!(refused["fields"], fields);
            assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/text"), &json!("unfilled")));
        }
        assert_eq!(app.case(&member, &receipt).await.expect_status(200)["state"], "in_progress");
        assert_eq!(app.db_count("responses", None).await, 0);
        app.run_jobs().await;
    }
}

story! {
    async fn an_answer_that_is_only_template_is_flagged_for_staff_alone(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        template(app, &admin, &district, "转办告知").await;
        let filled = BODY.replace("{{单位}}", "物业公司").replace("{{日期}}", "3月6日");
        let own = format!("{filled}三号楼的电梯今晚先恢复一部。");
        for (text, only) in [(filled, true), (own, false)] {
            let receipt = accepted(app, &district, &member, Some(&resident)).await;
            let answer = json!({ "text": text, "evidence": "explanation" });
            app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
            let seen = app.case(&manager, &receipt).await.expect_status(200);
            assert_eq!(seen["responses"][0]["template_only"], only);
            let own = app.case(&resident, &receipt).await.expect_status(200);
            assert_eq!(own["responses"][0]["template_only"], json!(null));
        }
        app.run_jobs().await;
    }
}

story! {
    async fn an_answer_is_looked_over_before_it_is_sent_and_nothing_is_kept(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = accepted(app, &district, &member, Some(&resident)).await;
        template(app, &admin, &district, "转办告知").await;
        let check = async |by: &Person, text: &str| {
            let path = format!("/api/v1/cases/{}/respond/check", receipt["id"].as_str().unwrap());
            app.post(&path).bearer(&by.token).json(&json!({ "text": text })).await
        };
        let good = check(&member, "物业公司已于今天上午修复三号楼电梯。").await.expect_status(200);
        assert_eq!(good, json!({ "unfilled": [], "template_only": false, "missing": [], "vague": [] }));
        let empty = check(&member, "高度重视，将尽快处理。").await.expect_status(200);
        let codes: Vec<&str> = empty["missing"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
        assert_eq!(codes, ["who", "what", "when"]);
        assert_eq!(empty["vague"], json!(["高度重视", "尽快"]));
        let open = check(&member, "已转{{单位}}办理。").await.expect_status(200);
        assert_eq!(open["unfilled"], json!(["{{单位}}"]));
        let bare = BODY.replace("{{单位}}", "物业公司").replace("{{日期}}", "3月6日");
        assert_eq!(check(&member, &bare).await.expect_status(200)["template_only"], true);
        check(&resident, "已修复").await.expect_problem(403, "not_allowed");
        check(&member, " ").await.expect_problem(422, "validation_failed");
        let seen = app.case(&member, &receipt).await.expect_status(200);
        assert_eq!((&seen["state"], &seen["responses"]), (&json!("in_progress"), &json!([])));

        // A hint keeps nothing from being sent.
        let answer = json!({ "text": "高度重视，将尽快处理。", "evidence": "explanation" });
        app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
        app.run_jobs().await;
    }
}
