//! Splitting (拆分办理): several departments, each with its part and its clock, and one voice to the resident.

use chrono::TimeDelta;
use domain::ids::DepartmentId;
use domain::role::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, App, District, Person, Request, story};

/// A station with three departments and their officers.
struct Place {
    district: District,
    departments: [DepartmentId; 3],
    resident: Person,
    member: Person,
    manager: Person,
    officers: [Person; 3],
}

const OFFICERS: [&str; 3] = ["first officer", "second officer", "third officer"];

impl Place {
    async fn made_in(app: &App) -> Self {
        let district = app.district().await;
        let second = app.department(district.committee, "青禾区住建局").await;
        let third = app.department(district.committee, "青禾区水务局").await;
        let departments = [district.department, second, third];
        let officer = |n: usize| app.staff(OFFICERS[n], Role::DepartmentOfficer, departments[n].0);
        Self {
            resident: app.person("resident").await,
            member: app.staff("member", Role::Member, district.member.0).await,
            manager: app.staff("manager", Role::StationManager, district.station.0).await,
            officers: [officer(0).await, officer(1).await, officer(2).await],
            district,
            departments,
        }
    }

    /// Everybody logs in again: days have passed.
    async fn log_in_again(&mut self, app: &App) {
        self.resident = app.person("resident").await;
        self.member = app.person("member").await;
        self.manager = app.person("manager").await;
        for (officer, name) in self.officers.iter_mut().zip(OFFICERS) {
            *officer = app.person(name).await;
        }
    }

    async fn accepted(&self, app: &App) -> Value {
        let body = json!({ "code": self.district.code, "text": "楼下积水，路灯也不亮", "member_id": self.district.member });
        let case = app.send_report(&body, Some(&self.resident)).await.expect_status(201);
        app.act(&self.member, &case, "accept", &json!({})).await.expect_status(200);
        case
    }

    /// The body that splits a case between the first and the second department.
    fn parts(&self) -> Value {
        json!({ "parts": [
            { "department_id": self.departments[0], "request": "请修复路灯" },
            { "department_id": self.departments[1], "request": "请疏通排水管" },
        ] })
    }

    async fn split(&self, app: &App) -> Value {
        let case = self.accepted(app).await;
        app.act(&self.manager, &case, "split", &self.parts()).await.expect_status(200);
        case
    }

    async fn reply(&self, app: &App, case: &Value, officer: usize, text: &str) -> Answer {
        app.act(&self.officers[officer], case, "reply", &json!({ "text": text })).await
    }
}

fn dispatched(app: &App, by: &Person) -> Request {
    app.get("/api/v1/cases?view=dispatched").bearer(&by.token)
}

fn ids(page: &Value) -> Vec<&Value> {
    page["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect()
}

async fn history(app: &App, by: &Person, case: &Value) -> Vec<Value> {
    let path = format!("/api/v1/cases/{}/events", case["id"].as_str().unwrap());
    let page = app.get(&path).bearer(&by.token).await.expect_status(200);
    page["items"].as_array().unwrap().clone()
}

fn states(case: &Value) -> Vec<&str> {
    case["parts"].as_array().unwrap().iter().map(|part| part["state"].as_str().unwrap()).collect()
}

story! {
    async fn each_department_replies_for_its_part_and_the_member_answers_once(app: &App) {
        let place = Place::made_in(app).await;
        let case = place.split(app).await;
        app.run_jobs().await;
        let seen = app.case(&place.manager, &case).await.expect_status(200);
        assert_eq!((&seen["state"], &seen["respond_by"]), (&json!("dispatched"), &case["respond_by"]));
        assert_eq!(states(&seen), ["asked", "asked"]);
        assert_eq!(seen["parts"][0]["department"]["name"], "青禾区城管局");

        // An officer has it in his list, and reads his part only.
        let page = dispatched(app, &place.officers[0]).await.expect_status(200);
        assert_eq!(ids(&page), [&case["id"]]);
        let page = dispatched(app, &place.officers[2]).await.expect_status(200);
        assert_eq!(page["items"], json!([]));
        app.case(&place.officers[2], &case).await.expect_problem(404, "not_found");
        let seen = app.case(&place.officers[0], &case).await.expect_status(200);
        assert_eq!(seen["parts"].as_array().unwrap().len(), 1);
        assert_eq!((&seen["parts"][0]["part"], &seen["parts"][0]["request"]), (&json!(1), &json!("请修复路灯")));
        let text = json!([seen, history(app, &place.officers[0], &case).await]).to_string();
        assert!(text.contains("请修复路灯") && !text.contains("请疏通排水管"), "{text}");
        assert_eq!(app.told_of(&place.officers[0], &case).await, ["分工办理"]);
        assert_eq!(app.told_of(&place.resident, &case).await[0], "已分工办理");

        // The resident learns that it was split, and hears no department.
        let seen = app.case(&place.resident, &case).await.expect_status(200);
        assert_eq!(seen["parts"], json!([]));
        let events = history(app, &place.resident, &case).await;
        assert_eq!(events.last().unwrap()["kind"], "split");
        assert!(!json!(events).to_string().contains("路灯"));

        place.reply(app, &case, 1, "排水管已疏通").await.expect_status(200);
        app.run_jobs().await;
        app.case(&place.officers[1], &case).await.expect_problem(404, "not_found");
        let text = json!([
            app.case(&place.officers[0], &case).await.expect_status(200),
            history(app, &place.officers[0], &case).await
        ]).to_string();
        assert!(!text.contains("排水管已疏通"), "another department's reply is not his to read: {text}");
        let seen = app.case(&place.member, &case).await.expect_status(200);
        assert_eq!((&seen["state"], states(&seen)), (&json!("dispatched"), vec!["asked", "replied"]));
        let early = json!({ "text": "已解决。", "evidence": "visit" });
        app.act(&place.member, &case, "respond", &early).await.expect_problem(409, "wrong_state");

        place.reply(app, &case, 0, "路灯已修复").await.expect_status(200);
        app.run_jobs().await;
        let seen = app.case(&place.member, &case).await.expect_status(200);
        assert_eq!((&seen["state"], &seen["respond_by"]), (&json!("in_progress"), &case["respond_by"]));
        let replies: Vec<&Value> = seen["parts"].as_array().unwrap().iter().map(|part| &part["reply"]).collect();
        assert_eq!(replies, ["路灯已修复", "排水管已疏通"]);
        assert_eq!(app.told_of(&place.member, &case).await[..2], ["承办单位已回复", "承办单位已回复"]);
        let page = dispatched(app, &place.officers[0]).await.expect_status(200);
        assert_eq!(page["items"], json!([]));

        let answer = json!({ "text": "路灯和排水管均已修好。", "evidence": "visit" });
        app.act(&place.member, &case, "respond", &answer).await.expect_status(200);
        app.run_jobs().await;
        let seen = app.case(&place.resident, &case).await.expect_status(200);
        assert_eq!(seen["responses"].as_array().unwrap().len(), 1, "one voice");
        assert_eq!(seen["parts"], json!([]));
    }
}

story! {
    async fn a_part_that_comes_back_goes_to_another_department_and_the_clock_goes_on(app: &App) {
        let place = Place::made_in(app).await;
        let case = place.split(app).await;
        let reason = json!({ "reason": "此处路灯归水务局管理" });
        app.act(&place.officers[0], &case, "object", &reason).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(app.told_of(&place.manager, &case).await[0], "承办单位退单");
        app.case(&place.officers[0], &case).await.expect_problem(404, "not_found");
        let redirect = json!({ "part": 1, "department_id": place.departments[2] });
        let refused = app.act(&place.member, &case, "redirect-part", &redirect).await;
        refused.expect_problem(403, "not_allowed");
        let same = json!({ "part": 1, "department_id": place.departments[1] });
        let refused = app.act(&place.manager, &case, "redirect-part", &same).await.expect_problem(422, "validation_failed");
        assert_eq!(refused["errors"][0]["code"], "duplicate");
        let unknown = json!({ "part": 7, "department_id": place.departments[2] });
        app.act(&place.manager, &case, "redirect-part", &unknown).await.expect_problem(422, "validation_failed");

        app.act(&place.manager, &case, "redirect-part", &redirect).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(app.told_of(&place.officers[2], &case).await, ["改转分办事项"]);
        let seen = app.case(&place.officers[2], &case).await.expect_status(200);
        assert_eq!((&seen["parts"][0]["request"], &seen["parts"][0]["objections"]), (&json!("请修复路灯"), &json!(1)));
        assert_eq!(seen["respond_by"], case["respond_by"]);
        assert!(seen["allowed_actions"].as_array().unwrap().contains(&json!("reply")));

        place.reply(app, &case, 2, "路灯已修复").await.expect_status(200);
        let reason = json!({ "part": 2, "reason": "积水已退" });
        let seen = app.act(&place.manager, &case, "take-back-part", &reason).await.expect_status(200);
        assert_eq!((&seen["state"], states(&seen)), (&json!("in_progress"), vec!["replied", "taken_back"]));
        app.run_jobs().await;
        assert_eq!(app.told_of(&place.officers[1], &case).await[0], "收回分办事项");
        assert_eq!(app.told_of(&place.member, &case).await[0], "收回分办事项");
    }
}

story! {
    async fn what_ends_the_work_on_a_split_case_takes_its_parts_back(app: &App) {
        let place = Place::made_in(app).await;
        let withdrawn = place.split(app).await;
        app.act(&place.resident, &withdrawn, "withdraw", &json!({ "reason": "已解决" })).await.expect_status(200);
        let reassigned = place.split(app).await;
        place.reply(app, &reassigned, 1, "排水管已疏通").await.expect_status(200);
        let to = json!({ "member_id": place.district.colleague, "reason": "请接手" });
        app.act(&place.manager, &reassigned, "reassign", &to).await.expect_status(200);
        let merged = place.split(app).await;
        let leading = place.split(app).await;
        let into = json!({ "leading_case_id": leading["id"] });
        app.act(&place.manager, &merged, "merge", &into).await.expect_status(200);
        app.run_jobs().await;

        for case in [&withdrawn, &reassigned, &merged] {
            assert_eq!(app.told_of(&place.officers[0], case).await[0], "分办终止");
            app.case(&place.officers[0], case).await.expect_problem(404, "not_found");
        }
        assert_eq!(app.told_of(&place.officers[1], &reassigned).await, ["分工办理"], "who has replied has done his part");
        let page = dispatched(app, &place.officers[0]).await.expect_status(200);
        assert_eq!(ids(&page), [&leading["id"]]);
        let colleague = app.staff("colleague", Role::Member, place.district.colleague.0).await;
        let seen = app.case(&colleague, &reassigned).await.expect_status(200);
        assert_eq!((states(&seen), &seen["parts"][1]["reply"]), (vec!["taken_back", "replied"], &json!("排水管已疏通")));

        // A leading case may be split: its followers hear its one answer.
        for officer in [0, 1] {
            place.reply(app, &leading, officer, "已处理").await.expect_status(200);
        }
        let answer = json!({ "text": "均已修好。", "evidence": "visit" });
        app.act(&place.member, &leading, "respond", &answer).await.expect_status(200);
        app.run_jobs().await;
        let seen = app.case(&place.resident, &merged).await.expect_status(200);
        assert_eq!(seen["leader"]["answer"]["text"], "均已修好。");

        // Taken up again, it can be split again; what was replied before stays in view.
        app.act(&place.resident, &leading, "contest", &json!({ "reason": "又坏了" })).await.expect_status(200);
        app.act(&place.manager, &leading, "reopen", &json!({ "reason": "再查" })).await.expect_status(200);
        let seen = app.act(&place.manager, &leading, "split", &place.parts()).await.expect_status(200);
        assert_eq!(states(&seen), ["replied", "replied", "asked", "asked"]);
        app.run_jobs().await;
    }
}

story! {
    async fn a_part_that_is_late_is_announced_once(app: &App) {
        let mut place = Place::made_in(app).await;
        let case = place.split(app).await;
        place.reply(app, &case, 1, "排水管已疏通").await.expect_status(200);
        app.run_jobs().await;
        // Five working days: from Monday at half past nine until the Monday after at 18:00.
        app.advance(TimeDelta::days(7) + TimeDelta::hours(9));
        app.run_jobs().await;
        app.advance(TimeDelta::minutes(5));
        app.run_jobs().await;
        place.log_in_again(app).await;
        let late = async |by: &Person| {
            app.told_of(by, &case).await.iter().filter(|title| *title == "分办逾期未回复").count()
        };
        assert_eq!((late(&place.officers[0]).await, late(&place.officers[1]).await), (1, 0));
        assert_eq!((late(&place.member).await, late(&place.manager).await, late(&place.resident).await), (1, 1, 0));
        let seen = app.case(&place.manager, &case).await.expect_status(200);
        let overdue: Vec<&Value> = seen["parts"].as_array().unwrap().iter().map(|part| &part["overdue"]).collect();
        assert_eq!(overdue, [&json!(true), &json!(false)]);
        let too_late = app.act(&place.officers[0], &case, "object", &json!({ "reason": "不属本局" })).await;
        too_late.expect_problem(409, "too_late");
        place.reply(app, &case, 0, "路灯已修复").await.expect_status(200);
        app.run_jobs().await;
    }
}

story! {
    async fn a_split_is_refused_with_all_its_faults(app: &App) {
        let place = Place::made_in(app).await;
        let case = place.accepted(app).await;
        let part = |department: DepartmentId, request: &str| json!({ "department_id": department, "request": request });
        let [first, second, _] = place.departments;
        let foreign = app.neighbours().await.department;
        let long = "长".repeat(1001);
        for (parts, pointers) in [
            (json!([part(first, "请修复路灯")]), vec!["/parts"]),
            (json!([]), vec!["/parts"]),
            (json!(vec![part(first, "请修复路灯"); 7]), vec!["/parts"]),
            (json!([part(first, " "), part(first, &long)]), vec!["/parts/0/request", "/parts/1/department_id", "/parts/1/request"]),
            (json!([part(first, "请修复路灯"), part(foreign, "请疏通")]), vec!["/parts/1/department_id"]),
            (
                json!([part(first, "请修复路灯"), { "department_id": second, "request": "请疏通", "due_on": "2026-03-02" }]),
                vec!["/parts"],
            ),
        ] {
            let refused = app.act(&place.manager, &case, "split", &json!({ "parts": parts })).await;
            let refused = refused.expect_problem(422, "validation_failed");
            let mut seen: Vec<&str> =
                refused["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
            seen.sort_unstable();
            assert_eq!(seen, pointers);
        }
        app.act(&place.member, &case, "split", &place.parts()).await.expect_problem(403, "not_allowed");
        assert_eq!(app.db_count("case_parts", None).await, 0);

        // The same split again is the same split.
        let path = format!("/api/v1/cases/{}/split", case["id"].as_str().unwrap());
        let split = || app.post(&path).bearer(&place.manager.token).idempotency_key("k1").json(&place.parts());
        let (once, again) = (split().await, split().await);
        assert_eq!((once.status(), once.bytes()), (200, again.bytes()));
        assert_eq!(app.db_count("case_parts", None).await, 2);
        app.act(&place.manager, &case, "split", &place.parts()).await.expect_problem(409, "wrong_state");
        app.run_jobs().await;
    }
}

story! {
    async fn an_officer_of_two_departments_says_which_part_he_means(app: &App) {
        let place = Place::made_in(app).await;
        let both = app.staff(OFFICERS[0], Role::DepartmentOfficer, place.departments[1].0).await;
        let case = place.split(app).await;
        let refused = app.act(&both, &case, "reply", &json!({ "text": "已修复" })).await.expect_problem(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/part");
        let other = json!({ "part": 1, "text": "已修复" });
        app.act(&place.officers[1], &case, "reply", &other).await.expect_problem(422, "validation_failed");
        let reply = json!({ "part": 2, "text": "已修复" });
        let seen = app.act(&both, &case, "reply", &reply).await.expect_status(200);
        assert_eq!(seen["parts"][1]["state"], "replied");
        app.run_jobs().await;
    }
}

story! {
    async fn the_last_of_two_replies_at_the_same_moment_gives_the_case_back(app: &App) {
        let place = Place::made_in(app).await;
        for _ in 0..3 {
            let case = place.split(app).await;
            let replies = [0, 1].map(|officer| place.reply(app, &case, officer, "已处理"));
            for answer in join_all(replies).await {
                answer.expect_status(200);
            }
            let seen = app.case(&place.member, &case).await.expect_status(200);
            assert_eq!((&seen["state"], states(&seen)), (&json!("in_progress"), vec!["replied", "replied"]));
        }
        app.run_jobs().await;
    }
}
