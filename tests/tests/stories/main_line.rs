//! The main job: a scanned poster becomes an answered case.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::json;
use tests::story;

story! {
    async fn a_scanned_poster_becomes_an_answered_case(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;

        // The resident scans and sees who can help.
        let card = app.get(&format!("/api/v1/codes/{}", district.code)).await.expect_status(200);
        assert_eq!(card["station"]["name"], "青石街道委员工作站");
        assert_eq!(card["on_duty"][0]["name"], "甲青山");

        // The report goes to the member on duty who knows the matter, and the reasons say so.
        let receipt = app.report(&district.code, "三号楼电梯停了两天，物业不管", Some(&resident)).await;
        assert_eq!(receipt["state"], "assigned");
        assert_eq!(receipt["member"]["name"], "甲青山");
        assert_eq!(receipt["respond_by"], "2026-03-11T10:00:00Z");
        assert_eq!(receipt["respond_by_provisional"], false);
        assert_eq!(receipt["number"].as_str().map(str::len), Some(10));
        app.run_jobs().await;

        // The member finds it on the list, accepts and answers.
        let list = app.get("/api/v1/cases?view=assigned").bearer(&member.token).await.expect_status(200);
        assert_eq!(list["items"][0]["id"], receipt["id"]);
        let case = app.case(&member, &receipt).await.expect_status(200);
        let reasons: Vec<&str> =
            case["routing"]["reasons"].as_array().unwrap().iter().filter_map(|it| it["kind"].as_str()).collect();
        assert!(reasons.contains(&"speciality") && reasons.contains(&"category_hint"), "{reasons:?}");
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        app.advance(TimeDelta::hours(3));
        let (member, resident) = (app.person("member").await, app.person("resident").await);
        let answer = json!({ "text": "已约物业现场查看，今晚恢复运行。", "evidence": "visit" });
        let answered = app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
        assert_eq!((&answered["state"], &answered["stage"]), (&json!("responded"), &json!("on_time")));
        app.run_jobs().await;

        // The resident reads the answer, is told so, and confirms.
        let case = app.case(&resident, &receipt).await.expect_status(200);
        assert_eq!(case["responses"][0]["text"], "已约物业现场查看，今晚恢复运行。");
        assert_eq!(case["routing"], json!(null), "the reasons are for staff");
        let inbox = app.get("/api/v1/me/messages").bearer(&resident.token).await.expect_status(200);
        assert!(!inbox["items"].as_array().unwrap().is_empty());
        let confirm = json!({ "solved": "yes", "stars": 5, "comment": "很快" });
        let closed = app.act(&resident, &receipt, "confirm", &confirm).await.expect_status(200);
        assert_eq!((&closed["state"], &closed["outcome"]), (&json!("closed"), &json!("solved")));
        app.run_jobs().await;

        // The history tells it all, in order.
        let path = format!("/api/v1/cases/{}/events", receipt["id"].as_str().unwrap());
        let events = app.get(&path).bearer(&resident.token).await.expect_status(200);
        let kinds: Vec<&str> =
            events["items"].as_array().unwrap().iter().filter_map(|it| it["kind"].as_str()).collect();
        assert_eq!(kinds, ["created", "accept", "respond", "confirm"]);
    }
}

story! {
    async fn without_an_account_the_ticket_is_the_key(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let (ticket, number) = (receipt["case_ticket"].as_str().unwrap(), receipt["number"].as_str().unwrap());
        let path = format!("/api/v1/tracking/{number}");

        let found = app.get(&path).ticket(ticket).await;
        assert_eq!(found.expect_status(200)["id"], receipt["id"]);
        assert_eq!(found.header("cache-control"), "no-store");
        app.get(&path).await.expect_problem(401, "unauthenticated");
        app.get(&path).ticket("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await.expect_problem(404, "not_found");
        app.get("/api/v1/tracking/1234567890").ticket(ticket).await.expect_problem(404, "not_found");

        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已修复", "evidence": "photo" });
        app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
        let confirm = format!("/api/v1/cases/{}/confirm", receipt["id"].as_str().unwrap());
        let closed = app.post(&confirm).ticket(ticket).json(&json!({ "solved": "partly", "stars": 3 })).await;
        assert_eq!(closed.expect_status(200)["outcome"], "partly");
        app.run_jobs().await;
    }
}

story! {
    async fn a_contested_answer_goes_to_the_manager_who_reassigns_it(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let receipt = app.report(&district.code, "物业乱收费", Some(&resident)).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已核实", "evidence": "explanation" });
        app.act(&member, &receipt, "respond", &answer).await.expect_status(200);

        let contested = app.act(&resident, &receipt, "contest", &json!({ "reason": "没有退钱", "stars": 1 })).await;
        assert_eq!(contested.expect_status(200)["state"], "contested");
        let to = json!({ "member_id": district.colleague.0, "reason": "请另一位委员办理" });
        let reassigned = app.act(&manager, &receipt, "reassign", &to).await.expect_status(200);
        assert_eq!(
            (&reassigned["state"], &reassigned["member"]["name"]),
            (&json!("assigned"), &json!("乙流云"))
        );

        // Who had it before finds nothing now; who has it does.
        app.case(&member, &receipt).await.expect_problem(404, "not_found");
        app.case(&colleague, &receipt).await.expect_status(200);
        app.run_jobs().await;
    }
}

story! {
    async fn a_returned_case_waits_for_the_manager_and_its_clock_goes_on(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        app.advance(TimeDelta::hours(2));
        let member = app.person("member").await;
        let manager = app.person("manager").await;

        let returned = app.act(&member, &receipt, "return", &json!({ "reason": "不在本站" })).await;
        assert_eq!(returned.expect_status(200)["state"], "received");
        let queue = app.get("/api/v1/cases?view=station&state=received").bearer(&manager.token).await;
        assert_eq!(queue.expect_status(200)["items"][0]["id"], receipt["id"]);
        let to = json!({ "station_id": district.station.0, "reason": "由系统选择" });
        let assigned = app.act(&manager, &receipt, "assign", &to).await.expect_status(200);
        assert_eq!(assigned["state"], "assigned");
        assert_eq!(assigned["respond_by"], receipt["respond_by"]);
        assert_eq!(assigned["returns"], 1);
        app.run_jobs().await;
    }
}

story! {
    async fn a_member_named_in_the_complaint_never_gets_it(app: &App) {
        let district = app.district().await;
        let receipt = app.report(&district.code, "物业公司是甲青山家开的，电梯一直不修", None).await;
        assert_eq!(receipt["member"]["name"], "乙流云");
        assert!(!receipt["routing"].to_string().contains("回避"), "that is for staff");
        let both = app.report(&district.code, "甲青山和乙流云互相推诿", None).await;
        assert_eq!((&both["state"], &both["member"]), (&json!("received"), &json!(null)));
        app.run_jobs().await;
    }
}

story! {
    async fn lateness_is_told_to_member_manager_and_committee(app: &App) {
        let district = app.district().await;
        app.staff("member", Role::Member, district.member.0).await;
        app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        app.run_jobs().await;

        app.advance(TimeDelta::days(30));
        app.run_jobs().await;
        let (member, admin) = (app.person("member").await, app.person("admin").await);

        let late = app.get("/api/v1/cases?view=committee&overdue=true").bearer(&admin.token).await;
        assert_eq!(late.expect_status(200)["items"][0]["stage"], "supervised");
        let inbox = app.get("/api/v1/me/messages").bearer(&admin.token).await.expect_status(200);
        assert!(!inbox["items"].as_array().unwrap().is_empty(), "the committee is told");
        let case = app.case(&member, &receipt).await.expect_status(200);
        assert_eq!(case["escalation_level"], 2);
    }
}

story! {
    async fn an_answer_that_nobody_confirms_is_closed_as_unconfirmed(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已修复", "evidence": "photo" });
        app.act(&member, &receipt, "respond", &answer).await.expect_status(200);

        app.advance(TimeDelta::days(15));
        let resident = app.person("resident").await;
        let late = app.act(&resident, &receipt, "contest", &json!({ "reason": "没修好" })).await;
        late.expect_problem(409, "too_late");
        app.run_jobs().await;

        let case = app.case(&resident, &receipt).await.expect_status(200);
        assert_eq!((&case["state"], &case["outcome"]), (&json!("closed"), &json!("unconfirmed")));
    }
}

story! {
    async fn a_stale_version_is_refused_with_the_present_state(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let seen = app.case(&manager, &receipt).await;
        let etag = seen.header("etag").to_owned();
        let path = format!("/api/v1/cases/{}/reassign", receipt["id"].as_str().unwrap());
        let to = json!({ "member_id": district.colleague.0, "reason": "轮流" });

        let first = app.post(&path).bearer(&manager.token).header("if-match", &etag).json(&to).await;
        let second = app.post(&path).bearer(&manager.token).header("if-match", &etag).json(&to).await;

        first.expect_status(200);
        let conflict = second.expect_problem(412, "version_conflict");
        assert_eq!(conflict["current"]["member"]["name"], "乙流云");
        app.run_jobs().await;
    }
}

story! {
    async fn a_wrong_state_says_what_can_be_done_instead(app: &App) {
        let district = app.district().await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let resident = app.person("resident").await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;

        let early = json!({ "text": "已修复", "evidence": "photo" });
        let refused = app.act(&member, &receipt, "respond", &early).await.expect_problem(409, "wrong_state");

        assert_eq!(refused["state"], "assigned");
        assert_eq!(refused["allowed_actions"], json!(["accept", "return", "note"]));
        let stars = json!({ "solved": "yes", "stars": 5 });
        app.act(&member, &receipt, "confirm", &stars).await.expect_problem(403, "not_allowed");
        app.run_jobs().await;
    }
}

story! {
    async fn a_due_time_in_a_year_whose_holidays_are_unknown_is_said_to_be_provisional(app: &App) {
        let district = app.district().await;
        app.advance(TimeDelta::days(300));

        let receipt = app.report(&district.code, "电梯坏了", None).await;

        assert!(receipt["respond_by"].as_str().unwrap().starts_with("2027-01"), "{receipt}");
        assert_eq!(receipt["respond_by_provisional"], true);
        app.run_jobs().await;
    }
}
