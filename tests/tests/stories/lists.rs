//! Lists of cases and their histories: filtered, sorted, in pages, and only of what one may know.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::ids::DepartmentId;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

async fn list(app: &App, by: &Person, query: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/cases?{query}{cursor}");
        let page = app.get(&path).bearer(&by.token).await.expect_status(200);
        items.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn excerpts(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["excerpt"].as_str().unwrap()).collect()
}

/// Four cases of four days, in as many states.
async fn four_days(app: &App, district: &District, member: &Person) -> Vec<Value> {
    let mut cases = Vec::new();
    for text in ["一 电梯坏了", "二 物业收费", "三 电梯异响", "四 物业保洁"] {
        let body = json!({ "code": district.code, "text": text, "member_id": district.member });
        cases.push(app.send_report(&body, None).await.expect_status(201));
        app.advance(TimeDelta::days(1));
    }
    let fresh = app.staff("member", Role::Member, district.member.0).await;
    assert_eq!(fresh.account_id, member.account_id);
    app.act(&fresh, &cases[1], "accept", &json!({})).await.expect_status(200);
    app.act(&fresh, &cases[2], "return", &json!({ "reason": "不在本站" })).await.expect_status(200);
    cases
}

story! {
    async fn a_list_is_filtered_by_all_that_the_contract_names(app: &App) {
        let district = app.district().await;
        let member = app.person("member").await;
        let cases = four_days(app, &district, &member).await;
        app.run_jobs().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let seen = async |query: &str| {
            let items = list(app, &manager, &format!("view=station&sort=created&{query}")).await;
            excerpts(&items).iter().map(|text| text.chars().next().unwrap()).collect::<String>()
        };
        assert_eq!(seen("").await, "一二三四");
        assert_eq!(seen("state=in_progress").await, "二");
        assert_eq!(seen("state=in_progress&state=received").await, "二三");
        assert_eq!(seen("state=closed").await, "");
        assert_eq!(seen("q=%E7%94%B5%E6%A2%AF").await, "一三");
        let number = cases[3]["number"].as_str().unwrap();
        assert_eq!(seen(&format!("q={number}")).await, "四", "by its number");
        let spoken = format!("{}-{}", &number[..5], &number[5..]);
        assert_eq!(seen(&format!("q={spoken}")).await, "四", "as it is read out");
        assert_eq!(seen(&format!("member={}", district.member)).await, "一二四");
        assert_eq!(seen(&format!("category={}", district.category)).await, "一二三四", "told by their words");
        assert_eq!(seen(&format!("category={}", district.station)).await, "");
        assert_eq!(seen(&format!("station={}", district.other_station)).await, "");
        assert_eq!(seen("from=2026-03-03").await, "二三四");
        assert_eq!(seen("from=2026-03-03&to=2026-03-04").await, "二三", "both days belong");
        assert_eq!(seen("to=2026-03-01").await, "");
        assert_eq!(seen("overdue=true").await, "");
        for wrong in ["state=lost", "view=all", "sort=name", "overdue=maybe", "from=yesterday", "unknown=1", "limit=0"] {
            let refused = app.get(&format!("/api/v1/cases?{wrong}")).bearer(&manager.token).await;
            let problem = refused.expect_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], wrong.split('=').next().unwrap());
        }
        app.run_jobs().await;
    }
}

story! {
    async fn late_cases_are_found_and_the_order_is_the_one_asked_for(app: &App) {
        let district = app.district().await;
        let member = app.person("member").await;
        four_days(app, &district, &member).await;
        app.advance(TimeDelta::days(8));
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let seen = async |query: &str| {
            let items = list(app, &manager, &format!("view=station&limit=1&{query}")).await;
            excerpts(&items).iter().map(|text| text.chars().next().unwrap()).collect::<String>()
        };
        assert_eq!(seen("").await, "四三二一");
        assert_eq!(seen("sort=-created").await, "四三二一");
        assert_eq!(seen("sort=created").await, "一二三四");
        assert_eq!(seen("sort=due").await, "一二三四");
        // Due on the 11th, 12th, 13th and 16th of March at 18:00; it is the 14th.
        assert_eq!(seen("overdue=true&sort=due").await, "一二三");
        app.run_jobs().await;
    }
}

story! {
    async fn everybody_sees_his_own_list_and_no_other(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let (resident, other) = (app.person("resident").await, app.person("other").await);
        let member = app.staff("member", Role::Member, district.member.0).await;
        let colleague = app.staff("colleague", Role::Member, district.colleague.0).await;
        let elsewhere = app.staff("elsewhere", Role::StationManager, district.other_station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let foreign = app.staff("foreign", Role::CommitteeAdmin, neighbours.committee.0).await;
        let here = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        let there = app.report(&neighbours.code, "校门口堵车", Some(&other)).await;
        for (by, view, case) in [
            (&resident, "mine", Some(&here)),
            (&other, "mine", Some(&there)),
            (&member, "assigned", Some(&here)),
            (&colleague, "assigned", None),
            (&elsewhere, "station", None),
            (&admin, "committee", Some(&here)),
            (&foreign, "committee", Some(&there)),
        ] {
            let ids: BTreeSet<String> = list(app, by, &format!("view={view}")).await.iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()).collect();
            let wanted = case.iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(ids, wanted, "{view}");
        }
        // A filter narrows what one sees, and never widens it.
        for filter in [format!("station={}", district.station), format!("member={}", district.member)] {
            assert!(list(app, &foreign, &format!("view=committee&{filter}")).await.is_empty());
        }
        app.case(&foreign, &here).await.expect_problem(404, "not_found");
        app.case(&resident, &there).await.expect_problem(404, "not_found");
        app.run_jobs().await;
    }
}

story! {
    async fn a_list_tells_no_more_than_its_lines_need(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let text = "长".repeat(2000);
        let body = json!({ "code": district.code, "text": text, "contact": { "phone": "19900000001" } });
        app.send_report(&body, Some(&resident)).await.expect_status(201);
        let items = list(app, &resident, "view=mine").await;
        assert_eq!(items[0]["excerpt"].as_str().map(|text| text.chars().count()), Some(80));
        for private in ["contact", "text", "case_ticket", "ticket_hash", "resident_id"] {
            assert!(items[0].get(private).is_none(), "{private}");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn a_history_is_walked_in_pages_and_residents_see_no_notes(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        for n in 0..5 {
            app.act(&member, &receipt, "note", &json!({ "text": format!("内部备注 {n}") })).await.expect_status(200);
            app.act(&resident, &receipt, "supplement", &json!({ "text": format!("补充 {n}") })).await.expect_status(200);
        }
        let walk = async |by: &Person, limit: u32| {
            let (mut events, mut cursor) = (Vec::new(), String::new());
            loop {
                let path = format!("/api/v1/cases/{}/events?limit={limit}{cursor}", receipt["id"].as_str().unwrap());
                let page = app.get(&path).bearer(&by.token).await.expect_status(200);
                events.extend(page["items"].as_array().unwrap().clone());
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => return events,
                }
            }
        };
        let all = walk(&member, 100).await;
        assert_eq!(all.len(), 12);
        let seqs: Vec<i64> = all.iter().filter_map(|event| event["seq"].as_i64()).collect();
        assert_eq!(seqs, (1..=12).collect::<Vec<_>>());
        assert_eq!(walk(&member, 5).await, all);
        let own = walk(&resident, 3).await;
        assert_eq!(own.len(), 7, "{own:?}");
        assert!(!Value::from(own).to_string().contains("内部备注"));
        app.run_jobs().await;
    }
}

story! {
    async fn an_officers_list_goes_by_the_departments_own_clock(app: &App) {
        let district = app.district().await;
        let (ours, second) = (district.department, app.department(district.committee, "青禾区住建局").await);
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let officer = app.staff("officer", Role::DepartmentOfficer, ours.0).await;
        let day = |days: i64| json!((app.now() + TimeDelta::days(days)).date_naive());
        let ask = |department: DepartmentId, days: i64| {
            json!({ "department_id": department, "request": "请核查", "due_on": day(days) })
        };
        let bodies = [
            ("dispatch", ask(ours, 10)),
            ("split", json!({ "parts": [ask(ours, 3), ask(second, 2)] })),
            ("dispatch", ask(ours, 4)),
            ("dispatch", ask(second, 1)),
        ];
        let mut cases = Vec::new();
        for (action, body) in bodies {
            let report = json!({ "code": district.code, "text": "路灯不亮", "member_id": district.member });
            let case = app.send_report(&report, None).await.expect_status(201);
            app.act(&member, &case, "accept", &json!({})).await.expect_status(200);
            app.act(&manager, &case, action, &body).await.expect_status(200);
            cases.push(case["id"].clone());
        }
        let order = |items: &[Value]| -> Vec<usize> {
            let place = |item: &Value| cases.iter().position(|id| *id == item["id"]).expect("a known case");
            items.iter().map(place).collect()
        };

        let due = list(app, &officer, "view=dispatched&sort=due&limit=1").await;
        assert_eq!(order(&due), [1, 2, 0]);
        let days: Vec<&str> = due.iter().map(|item| &item["reply_by"].as_str().unwrap()[..10]).collect();
        assert_eq!(json!(days), json!([day(3), day(4), day(10)]));
        assert_eq!(order(&list(app, &officer, "view=dispatched&limit=1").await), [2, 1, 0], "newest first");

        // With both departments a case stands in the list once, by its first reply.
        let both = app.staff("officer", Role::DepartmentOfficer, second.0).await;
        let due = list(app, &both, "view=dispatched&sort=due&limit=1").await;
        assert_eq!(order(&due), [3, 1, 2, 0]);
        assert_eq!(due[1]["reply_by"].as_str().unwrap()[..10], day(2).as_str().unwrap()[..10]);

        app.advance(TimeDelta::days(3) + TimeDelta::hours(10));
        app.run_jobs().await;
        let both = app.person("officer").await;
        assert_eq!(order(&list(app, &both, "view=dispatched&overdue=true").await), [3, 1]);
        let counts = app.get("/api/v1/cases/filter-counts?view=dispatched").bearer(&both.token).await;
        assert_eq!(counts.expect_status(200)["overdue"], 2);
        let manager = app.person("manager").await;
        let late = list(app, &manager, "view=station&overdue=true").await;
        assert!(late.is_empty(), "the answers are not late yet");
        assert!(list(app, &manager, "view=station").await.iter().all(|item| item.get("reply_by").is_none()));
    }
}
