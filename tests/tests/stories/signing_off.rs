//! Signing off (签发): where the station wants it, the manager sees a member's answer before the resident does.

use domain::role::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

use crate::pictures;

struct Place {
    district: District,
    resident: Person,
    member: Person,
    manager: Person,
    admin: Person,
}

impl Place {
    /// A station whose manager signs answers off.
    async fn made_in(app: &App) -> Self {
        let district = app.district().await;
        let place = Self {
            resident: app.person("resident").await,
            member: app.staff("member", Role::Member, district.member.0).await,
            manager: app.staff("manager", Role::StationManager, district.station.0).await,
            admin: app.staff("admin", Role::CommitteeAdmin, district.committee.0).await,
            district,
        };
        place.sign_off(app, true).await;
        place
    }

    async fn sign_off(&self, app: &App, wanted: bool) {
        let path = format!("/api/v1/stations/{}", self.district.station);
        let change = json!({ "answers_signed_off": wanted });
        let station = app.patch(&path).bearer(&self.admin.token).json(&change).await.expect_status(200);
        assert_eq!(station["answers_signed_off"], wanted);
    }

    async fn accepted(&self, app: &App) -> Value {
        let body =
            json!({ "code": self.district.code, "text": "电梯坏了", "member_id": self.district.member });
        let case = app.send_report(&body, Some(&self.resident)).await.expect_status(201);
        app.act(&self.member, &case, "accept", &json!({})).await.expect_status(200);
        case
    }

    /// The member's answer, which waits; the case as he sees it then.
    async fn submit(&self, app: &App, case: &Value, text: &str) -> Value {
        let answer = json!({ "text": text, "evidence": "visit" });
        app.act(&self.member, case, "respond", &answer).await.expect_status(200)
    }
}

async fn titles(app: &App, by: &Person) -> Vec<String> {
    app.inbox(by).await.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

async fn kinds(app: &App, by: &Person, case: &Value) -> Vec<String> {
    let path = format!("/api/v1/cases/{}/events", case["id"].as_str().unwrap());
    let page = app.get(&path).bearer(&by.token).await.expect_status(200);
    page["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

async fn listed(app: &App, by: &Person, query: &str) -> Vec<Value> {
    let page = app.get(&format!("/api/v1/cases?{query}")).bearer(&by.token).await.expect_status(200);
    page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
}

story! {
    async fn an_answer_waits_for_the_manager_and_is_sent_as_the_members(app: &App) {
        let place = Place::made_in(app).await;
        let case = place.accepted(app).await;
        let picture = app.post("/api/v1/uploads").bearer(&place.member.token).idempotency_key("picture");
        let picture = picture.file("a.png", "image/png", &pictures::png(8, 8)).await.expect_status(201);
        let answer = json!({ "text": "电梯已修复。", "evidence": "photo", "uploads": [picture["id"]] });
        let seen = app.act(&place.member, &case, "respond", &answer).await.expect_status(200);
        app.run_jobs().await;
        app.db().execute_unprepared("UPDATE uploads SET check_state = 'passed'").await.unwrap();
        let submitted = &seen["submitted_answer"];
        assert_eq!((&seen["state"], &seen["respond_by"]), (&json!("in_progress"), &case["respond_by"]));
        assert_eq!((&submitted["text"], &submitted["evidence"]), (&json!("电梯已修复。"), &json!("photo")));
        assert_eq!((&seen["responded_at"], &seen["responses"]), (&json!(null), &json!([])));
        assert_eq!(titles(app, &place.manager).await[0], "答复待签发");
        assert_eq!(listed(app, &place.manager, "view=station&submitted=true").await, [case["id"].clone()]);
        assert_eq!(listed(app, &place.member, "view=assigned&list=waiting").await, [case["id"].clone()]);
        assert_eq!(listed(app, &place.member, "view=assigned&list=todo").await, [] as [Value; 0]);
        let counts = app.get("/api/v1/cases/counts?view=assigned").bearer(&place.member.token).await.expect_status(200);
        assert_eq!((&counts["todo"]["total"], &counts["waiting"]["total"]), (&json!(0), &json!(1)));
        let mine = app.get("/api/v1/cases?view=mine&submitted=true").bearer(&place.resident.token).await;
        mine.expect_problem(422, "validation_failed");

        // The resident learns nothing of it.
        let file = format!("/api/v1/uploads/{}/320", picture["id"].as_str().unwrap());
        let hidden = app.case(&place.resident, &case).await.expect_status(200);
        assert_eq!((&hidden["submitted_answer"], &hidden["uploads"]), (&json!(null), &json!([])));
        assert_eq!(kinds(app, &place.resident, &case).await.last().unwrap(), "accept");
        app.get(&file).bearer(&place.resident.token).await.expect_problem(404, "not_found");
        assert_eq!(app.get(&file).bearer(&place.manager.token).await.status(), 200);
        assert!(!titles(app, &place.resident).await.contains(&"已有答复".to_owned()));

        // Only the manager decides, on the words that he has seen.
        let approve = json!({ "answer": submitted["seq"] });
        app.act(&place.member, &case, "approve", &approve).await.expect_problem(403, "not_allowed");
        let other = json!({ "answer": 1 });
        app.act(&place.manager, &case, "approve", &other).await.expect_problem(409, "answer_changed");
        app.act(&place.resident, &case, "supplement", &json!({ "text": "是三号楼" })).await.expect_status(200);
        let path = format!("/api/v1/cases/{}/approve", case["id"].as_str().unwrap());
        let stale = format!("\"{}\"", seen["version"]);
        let stale = app.post(&path).bearer(&place.manager.token).header("if-match", &stale).json(&approve).await;
        let current = stale.expect_problem(412, "version_conflict")["current"].clone();
        assert_eq!(current["submitted_answer"]["seq"], submitted["seq"], "a supplement leaves it where it is");

        let sent = app.act(&place.manager, &case, "approve", &approve).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!((&sent["state"], &sent["submitted_answer"]), (&json!("responded"), &json!(null)));
        let shown = app.case(&place.resident, &case).await.expect_status(200);
        assert_eq!(shown["responses"][0]["text"], "电梯已修复。");
        assert_eq!(shown["responses"][0]["member_id"], json!(place.district.member));
        assert_eq!(shown["uploads"][0]["id"], picture["id"]);
        assert_eq!(app.get(&file).bearer(&place.resident.token).await.status(), 200);
        assert_eq!(kinds(app, &place.resident, &case).await.last().unwrap(), "respond");
        let staff = kinds(app, &place.manager, &case).await;
        assert_eq!(staff[staff.len() - 4..], ["answer_submitted", "supplement", "approve", "respond"]);
        assert_eq!(titles(app, &place.resident).await[0], "已有答复");
        assert_eq!(titles(app, &place.member).await[0], "答复已签发");
        let verdict = json!({ "solved": "yes", "stars": 5 });
        app.act(&place.resident, &case, "confirm", &verdict).await.expect_status(200);
        app.run_jobs().await;
    }
}

story! {
    async fn an_answer_that_is_sent_back_is_written_anew(app: &App) {
        let place = Place::made_in(app).await;
        let case = place.accepted(app).await;
        let first = place.submit(app, &case, "已处理。").await["submitted_answer"]["seq"].clone();
        let back = json!({ "answer": first, "reason": "请写明由谁何时修复" });
        let path = format!("/api/v1/cases/{}/send-back", case["id"].as_str().unwrap());
        let send_back = || app.post(&path).bearer(&place.manager.token).idempotency_key("back").json(&back);
        let (once, again) = (send_back().await, send_back().await);
        assert_eq!((once.status(), once.bytes()), (200, again.bytes()));
        app.run_jobs().await;
        assert_eq!(titles(app, &place.member).await[0], "答复退回修改");
        let seen = app.case(&place.member, &case).await.expect_status(200);
        assert_eq!((&seen["state"], &seen["submitted_answer"]), (&json!("in_progress"), &json!(null)));
        assert_eq!(seen["respond_by"], case["respond_by"], "the clock went on");
        assert_eq!(listed(app, &place.member, "view=assigned&list=todo").await, [case["id"].clone()]);
        let approve = |seq: &Value| json!({ "answer": seq });
        app.act(&place.manager, &case, "approve", &approve(&first)).await.expect_problem(409, "wrong_state");
        let draft = app.get(&format!("/api/v1/cases/{}/draft", case["id"].as_str().unwrap()));
        let draft = draft.bearer(&place.member.token).await.expect_status(200);
        assert_eq!((&draft["text"], &draft["evidence"]), (&json!("已处理。"), &json!("visit")));

        // A newer answer takes the place of the one that waits.
        let second = place.submit(app, &case, "电梯由维保单位修复。").await["submitted_answer"]["seq"].clone();
        let third = place.submit(app, &case, "电梯由维保单位于三月二日修复。").await["submitted_answer"]["seq"].clone();
        app.act(&place.manager, &case, "approve", &approve(&second)).await.expect_problem(409, "answer_changed");
        let sent = app.act(&place.manager, &case, "approve", &approve(&third)).await.expect_status(200);
        assert_eq!(sent["responses"].as_array().unwrap().len(), 1);
        assert_eq!(sent["responses"][0]["text"], "电梯由维保单位于三月二日修复。");
        app.run_jobs().await;
    }
}

story! {
    async fn who_needs_nobodys_word_answers_at_once(app: &App) {
        let place = Place::made_in(app).await;
        let answer = json!({ "text": "电梯已修复。", "evidence": "visit" });
        let own = place.accepted(app).await;
        let sent = app.act(&place.manager, &own, "respond", &answer).await.expect_status(200);
        assert_eq!(sent["state"], "responded");

        // Somebody else is not bound to the answer of the one before.
        let case = place.accepted(app).await;
        place.submit(app, &case, "电梯已修复。").await;
        let to = json!({ "member_id": place.district.colleague, "reason": "请接手" });
        let seen = app.act(&place.manager, &case, "reassign", &to).await.expect_status(200);
        assert_eq!((&seen["state"], &seen["submitted_answer"]), (&json!("assigned"), &json!(null)));
        assert_eq!(listed(app, &place.manager, "view=station&submitted=true").await, [] as [Value; 0]);

        // What waits can still be signed off when the station does without it for the next ones.
        let waiting = place.accepted(app).await;
        let seq = place.submit(app, &waiting, "电梯已修复。").await["submitted_answer"]["seq"].clone();
        place.sign_off(app, false).await;
        let case = place.accepted(app).await;
        assert_eq!(place.submit(app, &case, "电梯已修复。").await["state"], "responded");
        let sent = app.act(&place.manager, &waiting, "approve", &json!({ "answer": seq })).await.expect_status(200);
        assert_eq!(sent["state"], "responded");
        app.run_jobs().await;
    }
}

story! {
    async fn what_was_given_back_goes_on_as_a_draft_with_its_pictures(app: &App) {
        let place = Place::made_in(app).await;
        let case = place.accepted(app).await;
        let picture = app.post("/api/v1/uploads").bearer(&place.member.token).idempotency_key("picture");
        let picture = picture.file("a.png", "image/png", &pictures::png(8, 8)).await.expect_status(201);
        let pictures = json!([picture["id"]]);
        let answer = json!({ "text": "电梯已修复。", "evidence": "photo", "uploads": pictures });
        let waiting = app.act(&place.member, &case, "respond", &answer).await.expect_status(200);
        let back = json!({ "answer": waiting["submitted_answer"]["seq"], "reason": "请写明由谁修复" });
        app.act(&place.manager, &case, "send-back", &back).await.expect_status(200);

        let draft = app.get(&format!("/api/v1/cases/{}/draft", case["id"].as_str().unwrap()));
        let draft = draft.bearer(&place.member.token).await.expect_status(200);
        assert_eq!((&draft["text"], &draft["uploads"]), (&answer["text"], &pictures));
        let answer = json!({ "text": "电梯已由维保单位修复。", "evidence": "photo", "uploads": pictures });
        let waiting = app.act(&place.member, &case, "respond", &answer).await.expect_status(200);
        let approve = json!({ "answer": waiting["submitted_answer"]["seq"] });
        let sent = app.act(&place.manager, &case, "approve", &approve).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(sent["responses"].as_array().unwrap().len(), 1);
        let seen = app.case(&place.member, &case).await.expect_status(200);
        let shown: Vec<&Value> = seen["uploads"].as_array().unwrap().iter().map(|upload| &upload["id"]).collect();
        assert_eq!(shown, [&picture["id"]], "once, with the answer that was sent");
    }
}
