//! The manager's desk: the numbers beside the filters, and the lists that somebody keeps under names.

use chrono::TimeDelta;
use domain::role::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

async fn counts(app: &App, by: &Person, query: &str) -> Value {
    app.get(&format!("/api/v1/cases/filter-counts?{query}")).bearer(&by.token).await.expect_status(200)
}

/// `assigned 3, in_progress 1`
fn told(counts: &Value, what: &str, by: &str) -> String {
    let items = counts[what].as_array().unwrap();
    let item = |item: &Value| format!("{} {}", item[by].as_str().unwrap(), item["total"]);
    items.iter().map(item).collect::<Vec<_>>().join(", ")
}

/// Five cases: three of the member, one of them in progress and one closed; one of the colleague; one of the
/// other station.
async fn five_cases(app: &App, district: &District) -> Vec<Value> {
    let resident = app.person("resident").await;
    let member = app.staff("member", Role::Member, district.member.0).await;
    let mut cases = Vec::new();
    for text in ["一 电梯", "二 电梯", "三 电梯"] {
        let body = json!({ "code": district.code, "text": text, "member_id": district.member });
        cases.push(app.send_report(&body, Some(&resident)).await.expect_status(201));
    }
    let body = json!({ "code": district.code, "text": "四 看病", "member_id": district.colleague });
    cases.push(app.send_report(&body, None).await.expect_status(201));
    let body = json!({ "station_id": district.other_station, "text": "五 堵车" });
    cases.push(app.send_report(&body, None).await.expect_status(201));
    for case in &cases[1..3] {
        app.act(&member, case, "accept", &json!({})).await.expect_status(200);
    }
    let answer = json!({ "text": "已修复", "evidence": "visit" });
    app.act(&member, &cases[2], "respond", &answer).await.expect_status(200);
    let confirm = json!({ "solved": "yes", "stars": 5 });
    app.act(&resident, &cases[2], "confirm", &confirm).await.expect_status(200);
    cases
}

story! {
    async fn beside_every_filter_stands_how_many_cases_it_would_show(app: &App) {
        let district = app.district().await;
        five_cases(app, &district).await;
        app.run_jobs().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let desk = counts(app, &manager, "view=station").await;
        assert_eq!((&desk["total"], &desk["overdue"], &desk["complete"]), (&json!(4), &json!(0), &json!(true)));
        assert_eq!(told(&desk, "states", "state"), "assigned 2, in_progress 1, closed 1");
        assert_eq!(told(&desk, "states", "label"), "已派件 2, 办理中 1, 已办结 1");
        assert_eq!(told(&desk, "stages", "stage"), "on_time 3", "what has ended is at no stage");
        assert_eq!(told(&desk, "stations", "name"), "青石街道委员工作站 4");
        assert_eq!(told(&desk, "members", "name"), "甲青山 3, 乙流云 1");
        assert_eq!(told(&desk, "categories", "name"), "物业管理 3");

        // A choice is counted under the rest of the filter.
        let of_member = format!("view=station&state=assigned&member={}", district.member);
        let desk = counts(app, &manager, &of_member).await;
        assert_eq!(desk["total"], 1);
        assert_eq!(told(&desk, "states", "state"), "assigned 1, in_progress 1, closed 1", "of this member");
        assert_eq!(told(&desk, "members", "name"), "甲青山 1, 乙流云 1", "of this state");
        assert_eq!(told(&desk, "stages", "stage"), "on_time 1");
        let desk = counts(app, &manager, &format!("view=station&category={}&state=closed", district.category)).await;
        assert_eq!((told(&desk, "states", "state"), desk["total"].clone()), ("assigned 1, in_progress 1, closed 1".to_owned(), json!(1)));
        assert_eq!(told(&desk, "stages", "stage"), "");

        // Each number is the length of the list that it stands for.
        for query in ["", "&q=电梯", "&state=in_progress", "&overdue=true", "&stage=on_time", "&from=2026-03-03"] {
            let query = format!("view=station{query}");
            let list = app.get(&format!("/api/v1/cases?limit=100&{query}")).bearer(&manager.token).await;
            let listed = list.expect_status(200)["items"].as_array().unwrap().len();
            assert_eq!(counts(app, &manager, &query).await["total"], listed, "{query}");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn an_office_counts_its_stations_and_what_is_late_and_nobody_counts_more_than_he_sees(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        five_cases(app, &district).await;
        app.report(&neighbours.code, "校门口堵车", None).await;
        app.advance(TimeDelta::days(20));
        app.run_jobs().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let desk = counts(app, &admin, "view=committee").await;
        assert_eq!((&desk["total"], &desk["overdue"]), (&json!(5), &json!(4)));
        assert_eq!(told(&desk, "stations", "name"), "青石街道委员工作站 4, 柳湾街道委员工作站 1");
        let stages = told(&desk, "stages", "stage");
        assert_eq!(stages, "supervised 4");
        let late = counts(app, &admin, "view=committee&overdue=true&stage=red").await;
        assert_eq!((late["total"].clone(), told(&late, "stages", "stage")), (json!(0), stages));

        let resident = app.person("resident").await;
        assert_eq!(counts(app, &resident, "").await["total"], 3, "one's own");
        let member = app.person("member").await;
        assert_eq!(counts(app, &member, "view=assigned").await["total"], 3);
        let refused = app.get("/api/v1/cases/filter-counts?view=station").bearer(&member.token).await;
        refused.expect_problem(403, "not_allowed");
        let wrong = app.get("/api/v1/cases/filter-counts?view=committee&state=lost").bearer(&admin.token).await;
        assert_eq!(wrong.expect_problem(422, "validation_failed")["errors"][0]["pointer"], "state");
        app.run_jobs().await;
    }
}

story! {
    async fn more_than_ten_thousand_cases_are_not_counted_to_their_end(app: &App) {
        let district = app.district().await;
        app.report(&district.code, "电梯坏了", None).await;
        app.crowd(10_001).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let desk = counts(app, &manager, "view=station").await;
        assert_eq!((&desk["total"], &desk["complete"]), (&json!(10_001), &json!(false)));
        app.run_jobs().await;
    }
}

const VIEWS: &str = "/api/v1/me/case-views";

async fn keep(app: &App, by: &Person, name: &str, query: &str) -> Value {
    let body = json!({ "name": name, "query": query });
    app.post(VIEWS).bearer(&by.token).json(&body).await.expect_status(201)
}

story! {
    async fn a_list_is_kept_under_a_name_and_found_again(app: &App) {
        let district = app.district().await;
        five_cases(app, &district).await;
        app.run_jobs().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.person("member").await;
        let query = "view=station&state=assigned&state=in_progress&q=%E7%94%B5%E6%A2%AF&sort=due";
        let kept = keep(app, &manager, " 电梯待办 ", query).await;
        assert_eq!((&kept["name"], &kept["query"]), (&json!("电梯待办"), &json!(query)));
        keep(app, &manager, "督办", "view=station&stage=supervised").await;
        keep(app, &member, "电梯待办", "view=assigned&list=todo").await;

        let page = app.get(&format!("{VIEWS}?limit=1")).bearer(&manager.token).await.expect_status(200);
        assert_eq!(page["items"], json!([kept]));
        let next = format!("{VIEWS}?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
        let page = app.get(&next).bearer(&manager.token).await.expect_status(200);
        assert_eq!((&page["items"][0]["name"], &page["next_cursor"]), (&json!("督办"), &Value::Null));
        let list = app.get(&format!("/api/v1/cases?{}", kept["query"].as_str().unwrap())).bearer(&manager.token).await;
        assert_eq!(list.expect_status(200)["items"].as_array().unwrap().len(), 2);

        // It is its owner's to change and to throw away.
        let path = format!("{VIEWS}/{}", kept["id"].as_str().unwrap());
        let rename = json!({ "name": "电梯" });
        app.patch(&path).bearer(&member.token).json(&rename).await.expect_problem(404, "not_found");
        app.delete(&path).bearer(&member.token).await.expect_problem(404, "not_found");
        app.advance(TimeDelta::seconds(5));
        let changed = app.patch(&path).bearer(&manager.token).json(&rename).await.expect_status(200);
        assert_eq!((&changed["name"], &changed["query"]), (&json!("电梯"), &json!(query)));
        assert_ne!(changed["updated_at"], kept["updated_at"]);
        let taken = app.patch(&path).bearer(&manager.token).json(&json!({ "name": "督办" })).await;
        taken.expect_problem(409, "already_exists");
        let throw = || app.delete(&path).bearer(&manager.token).idempotency_key("throw");
        throw().await.expect_status(204);
        throw().await.expect_status(204);
        app.delete(&path).bearer(&manager.token).await.expect_problem(404, "not_found");

        let export = app.get("/api/v1/me/export").bearer(&manager.token).await.expect_status(200);
        assert_eq!(export["case_views"].as_array().unwrap().len(), 1);
        app.delete("/api/v1/me").bearer(&manager.token).await.expect_status(204);
        assert_eq!(app.db_count("saved_views", None).await, 1, "the member's");
        app.run_jobs().await;
    }
}

story! {
    async fn what_is_no_list_is_not_kept(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        let long = format!("view=station&q={}", "a".repeat(2_000));
        for query in [
            "", " ", "?view=station", "view=all", "view=station&list=todo", "state=lost", "limit=5", "cursor=e30",
            "view=station&q=a b", "view=station&q=电梯", "view=station#top", "colour=red", "q=%00", &long,
        ] {
            let body = json!({ "name": "名称", "query": query });
            let refused = app.post(VIEWS).bearer(&manager.token).json(&body).await;
            let problem = refused.expect_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], "/query", "{query}");
        }
        for name in ["", "  ", "a\u{0}b", &"长".repeat(41)] {
            let body = json!({ "name": name, "query": "view=station" });
            let refused = app.post(VIEWS).bearer(&manager.token).json(&body).await;
            assert_eq!(refused.expect_problem(422, "validation_failed")["errors"][0]["pointer"], "/name");
        }
        keep(app, &manager, &"长".repeat(40), "view=station").await;
        let foreign = json!({ "name": "名称", "query": "view=station" });
        app.post(VIEWS).bearer(&resident.token).json(&foreign).await.expect_problem(403, "not_allowed");
        let mine = keep(app, &resident, "我的", "view=mine&state=closed").await;
        let path = format!("{VIEWS}/{}", mine["id"].as_str().unwrap());
        let wider = json!({ "query": "view=committee" });
        app.patch(&path).bearer(&resident.token).json(&wider).await.expect_problem(403, "not_allowed");
        app.run_jobs().await;
    }
}

story! {
    async fn an_account_keeps_thirty_lists_and_a_repetition_makes_no_second_one(app: &App) {
        let person = app.person("resident").await;
        let new = |name: String, key: &str| {
            let request = app.post(VIEWS).bearer(&person.token).idempotency_key(key);
            request.json(&json!({ "name": name, "query": "view=mine" })).into_future()
        };
        let first = new("一".to_owned(), "first").await;
        assert_eq!(first.status(), 201);
        assert_eq!(new("一".to_owned(), "first").await.bytes(), first.bytes());
        new("二".to_owned(), "first").await.expect_problem(422, "idempotency_key_reused");
        new("一".to_owned(), "second").await.expect_problem(409, "already_exists");
        for n in 2..=28 {
            assert_eq!(new(n.to_string(), &n.to_string()).await.status(), 201);
        }
        let names: Vec<String> = (0..6).map(|n| format!("rush-{n}")).collect();
        let rush = names.iter().map(|name| new(name.clone(), name));
        let made = join_all(rush).await.iter().filter(|answer| answer.status() == 201).count();
        assert_eq!((made, app.db_count("saved_views", None).await), (2, 30));
        new("多一个".to_owned(), "last").await.expect_problem(409, "too_many_views");
        app.run_jobs().await;
    }
}
