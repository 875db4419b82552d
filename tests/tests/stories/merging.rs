//! Merging (并案): one answer for several who reported the same matter, and nobody left without one.

use chrono::TimeDelta;
use domain::role::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, App, District, Person, Request, story};

/// Two residents, and those who work at the station.
struct Place {
    district: District,
    first: Person,
    second: Person,
    member: Person,
    manager: Person,
}

impl Place {
    async fn made_in(app: &App) -> Self {
        let district = app.district().await;
        Self {
            first: app.person("first").await,
            second: app.person("second").await,
            member: app.staff("member", Role::Member, district.member.0).await,
            manager: app.staff("manager", Role::StationManager, district.station.0).await,
            district,
        }
    }

    /// A report that the member gets.
    async fn report(&self, app: &App, text: &str, by: &Person) -> Value {
        let body = json!({ "code": self.district.code, "text": text, "member_id": self.district.member });
        app.send_report(&body, Some(by)).await.expect_status(201)
    }

    /// A case and one that follows it.
    async fn pair(&self, app: &App) -> (Value, Value) {
        let leading = self.report(app, "三号楼电梯停了两天", &self.first).await;
        let following = self.report(app, "我家门口的电梯坏了", &self.second).await;
        self.merge(app, &following, &leading).await.expect_status(200);
        (leading, following)
    }

    async fn merge(&self, app: &App, case: &Value, into: &Value) -> Answer {
        merge(app, &self.manager, case, into).await
    }

    async fn respond(&self, app: &App, case: &Value) {
        app.act(&self.member, case, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已修复，明早恢复运行。", "evidence": "visit" });
        app.act(&self.member, case, "respond", &answer).await.expect_status(200);
    }
}

fn merge(app: &App, by: &Person, case: &Value, into: &Value) -> Request {
    let path = format!("/api/v1/cases/{}/merge", case["id"].as_str().unwrap());
    app.post(&path).bearer(&by.token).json(&json!({ "leading_case_id": into["id"] }))
}

/// The history of a case as somebody reads it.
async fn history(app: &App, by: &Person, case: &Value) -> Vec<Value> {
    let path = format!("/api/v1/cases/{}/events", case["id"].as_str().unwrap());
    let page = app.get(&path).bearer(&by.token).await.expect_status(200);
    page["items"].as_array().unwrap().clone()
}

fn kinds(history: &[Value]) -> Vec<&str> {
    history.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

/// What somebody was told of a case, newest first.
async fn told(app: &App, by: &Person, case: &Value) -> Vec<String> {
    let inbox = app.inbox(by).await;
    let of_case = inbox.iter().filter(|item| item["case_id"] == case["id"]);
    of_case.map(|item| item["body"]["text"].as_str().or(item["text"].as_str()).unwrap().to_owned()).collect()
}

async fn followers(app: &App, by: &Person, case: &Value, query: &str) -> Answer {
    let path = format!("/api/v1/cases/{}/followers{query}", case["id"].as_str().unwrap());
    app.get(&path).bearer(&by.token).await
}

story! {
    async fn one_answer_reaches_everybody_who_reported_the_same(app: &App) {
        let place = Place::made_in(app).await;
        let (leading, following) = place.pair(app).await;
        app.run_jobs().await;
        let waiting = app.case(&place.second, &following).await.expect_status(200);
        assert_eq!((&waiting["state"], &waiting["leader"]["state"]), (&json!("merged"), &json!("assigned")));
        assert_eq!(waiting["leader"]["number"], leading["number"]);
        assert_eq!((&waiting["leading_case_id"], &waiting["leader"]["answer"]), (&json!(null), &json!(null)));

        place.respond(app, &leading).await;
        app.run_jobs().await;

        // The second resident reads the same words in a history of his own.
        let events = history(app, &place.second, &following).await;
        assert_eq!(kinds(&events), ["created", "merge", "leader_responded"]);
        assert_eq!(events[2]["text"], "已修复，明早恢复运行。");
        let seen = app.case(&place.second, &following).await.expect_status(200);
        assert_eq!(seen["leader"]["answer"]["text"], "已修复，明早恢复运行。");
        assert!(!seen.to_string().contains("三号楼"), "what the other resident wrote stays there");
        app.case(&place.second, &leading).await.expect_problem(404, "not_found");
        assert!(told(app, &place.second, &following).await[0].contains("已有答复"));

        let solved = json!({ "solved": "yes", "stars": 5, "comment": "谢谢" });
        app.act(&place.first, &leading, "confirm", &solved).await.expect_status(200);
        app.run_jobs().await;
        let seen = app.case(&place.second, &following).await.expect_status(200);
        assert_eq!((&seen["leader"]["state"], &seen["leader"]["outcome"]), (&json!("closed"), &json!("solved")));
        assert_eq!(seen["ratings"], json!([]));
        let events = history(app, &place.second, &following).await;
        assert_eq!(kinds(&events), ["created", "merge", "leader_responded", "leader_closed"]);
        assert!(!json!(events).to_string().contains("谢谢"), "what the other one said of it is not told");

        // The answer was given for both: the follower stays.
        let leave = app.act(&place.manager, &following, "unmerge", &json!({})).await;
        leave.expect_problem(409, "bad_leader");
        let reason = json!({ "reason": "又坏了" });
        app.act(&place.manager, &leading, "reopen", &reason).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(kinds(&history(app, &place.second, &following).await).last(), Some(&"leader_reopened"));
        let left = app.act(&place.manager, &following, "unmerge", &json!({})).await.expect_status(200);
        assert_eq!((&left["state"], &left["leader"]), (&json!("assigned"), &json!(null)));
        app.run_jobs().await;
    }
}

story! {
    async fn a_case_that_joins_late_hears_the_answer_that_stands(app: &App) {
        let place = Place::made_in(app).await;
        let leading = place.report(app, "三号楼电梯停了两天", &place.first).await;
        place.respond(app, &leading).await;
        let following = place.report(app, "我家门口的电梯坏了", &place.second).await;

        place.merge(app, &following, &leading).await.expect_status(200);
        app.run_jobs().await;

        let events = history(app, &place.second, &following).await;
        assert_eq!(kinds(&events), ["created", "merge", "leader_responded"]);
        assert_eq!(events[2]["text"], "已修复，明早恢复运行。");
    }
}

story! {
    async fn followers_of_a_case_that_ends_without_an_answer_go_back_to_work(app: &App) {
        let place = Place::made_in(app).await;
        for (by, action) in [(&place.first, "withdraw"), (&place.manager, "reject")] {
            let (leading, following) = place.pair(app).await;
            app.run_jobs().await;

            app.act(by, &leading, action, &json!({ "reason": "不是这里的事" })).await.expect_status(200);
            app.run_jobs().await;

            let back = app.case(&place.member, &following).await.expect_status(200);
            assert_eq!((&back["state"], &back["leader"]), (&json!("assigned"), &json!(null)), "{action}");
            let events = history(app, &place.second, &following).await;
            assert_eq!(kinds(&events), ["created", "merge", "unmerge"], "{action}");
            assert!(!json!(events).to_string().contains("不是这里的事"), "why is the other one's matter");
            assert!(told(app, &place.second, &following).await[0].contains("恢复单独办理"));
            assert!(told(app, &place.member, &following).await[0].contains("恢复单独办理"));
            app.act(&place.member, &following, "accept", &json!({})).await.expect_status(200);
        }
        app.run_jobs().await;
    }
}

story! {
    async fn silence_about_the_answer_closes_the_followers_too(app: &App) {
        let place = Place::made_in(app).await;
        let (leading, following) = place.pair(app).await;
        place.respond(app, &leading).await;
        app.run_jobs().await;

        app.advance(TimeDelta::days(15));
        app.run_jobs().await;

        let second = app.person("second").await;
        let seen = app.case(&second, &following).await.expect_status(200);
        assert_eq!(seen["leader"]["outcome"], "unconfirmed");
        assert_eq!(kinds(&history(app, &second, &following).await).last(), Some(&"leader_closed"));
    }
}

story! {
    async fn there_are_no_chains(app: &App) {
        let place = Place::made_in(app).await;
        let (leading, following) = place.pair(app).await;
        let third = place.report(app, "电梯又坏了", &place.first).await;

        place.merge(app, &third, &following).await.expect_problem(409, "bad_leader");
        place.merge(app, &leading, &third).await.expect_problem(409, "leads_others");
        place.merge(app, &third, &third).await.expect_problem(409, "bad_leader");
        place.merge(app, &following, &third).await.expect_problem(409, "wrong_state");
        app.act(&place.first, &third, "withdraw", &json!({})).await.expect_status(200);
        let fourth = place.report(app, "电梯异响", &place.first).await;
        place.merge(app, &fourth, &third).await.expect_problem(409, "bad_leader");

        // What may be done is offered, and nothing else.
        let offered = async |case: &Value| {
            let seen = app.case(&place.manager, case).await.expect_status(200);
            let actions = seen["allowed_actions"].as_array().unwrap().clone();
            ["merge", "unmerge"].map(|action| actions.contains(&json!(action)))
        };
        assert_eq!(offered(&leading).await, [false, false]);
        assert_eq!(offered(&following).await, [false, true]);
        assert_eq!(offered(&fourth).await, [true, false]);
        app.run_jobs().await;
    }
}

story! {
    async fn nobody_merges_into_a_case_that_is_not_his_to_manage(app: &App) {
        let place = Place::made_in(app).await;
        let neighbours = app.neighbours().await;
        let case = place.report(app, "电梯坏了", &place.first).await;
        let elsewhere = app.report(&neighbours.code, "校门口堵车", Some(&place.second)).await;
        let missing = json!({ "id": "00000000-0000-7000-8000-00000000dead" });
        let other_manager = app.staff("other", Role::StationManager, place.district.other_station.0).await;

        // A foreign case is refused with the very words of one that does not exist.
        let problems = join_all([&elsewhere, &missing].map(|into| async {
            let mut problem = place.merge(app, &case, into).await.expect_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], "/leading_case_id");
            problem.as_object_mut().unwrap().remove("instance");
            problem
        }))
        .await;
        assert_eq!(problems[0], problems[1]);
        merge(app, &other_manager, &case, &elsewhere).await.expect_problem(404, "not_found");
        merge(app, &place.member, &case, &elsewhere).await.expect_problem(403, "not_allowed");
        merge(app, &place.first, &case, &case).await.expect_problem(403, "not_allowed");
        app.run_jobs().await;
    }
}

story! {
    async fn whoever_works_on_a_case_sees_who_follows_it_page_by_page(app: &App) {
        let place = Place::made_in(app).await;
        let leading = place.report(app, "三号楼电梯停了两天", &place.first).await;
        let mut ids = Vec::new();
        for n in 0..5 {
            let case = place.report(app, &format!("{n} 单元电梯坏了"), &place.second).await;
            place.merge(app, &case, &leading).await.expect_status(200);
            ids.push(case["id"].clone());
        }
        ids.reverse();

        let seen = app.case(&place.member, &leading).await.expect_status(200);
        assert_eq!(seen["followers"], 5);
        assert_eq!(app.case(&place.first, &leading).await.expect_status(200)["followers"], json!(null));
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = followers(app, &place.member, &leading, &format!("?limit=2{cursor}")).await.expect_status(200);
            found.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, ids);
        followers(app, &place.first, &leading, "").await.expect_problem(403, "not_allowed");
        followers(app, &place.second, &leading, "").await.expect_problem(404, "not_found");
        followers(app, &place.member, &leading, "?limit=0").await.expect_problem(422, "validation_failed");
        app.run_jobs().await;
    }
}

story! {
    async fn two_hundred_followers_hear_once_even_when_the_job_runs_again(app: &App) with { tests::Setup::unlimited } {
        let place = Place::made_in(app).await;
        let leading = place.report(app, "三号楼电梯停了两天", &place.first).await;
        for n in 0..200 {
            let case = place.report(app, &format!("{n} 室反映电梯坏了"), &place.second).await;
            place.merge(app, &case, &leading).await.expect_status(200);
        }
        place.respond(app, &leading).await;
        app.run_jobs().await;
        assert_eq!(app.db_count("case_events", Some("kind = 'leader_responded'")).await, 200);

        let case_id = leading["id"].as_str().unwrap().parse().unwrap();
        for seq in [1, 2, 3] {
            api::service::merging::tell_followers(app.state(), case_id, seq).await.unwrap();
        }
        app.run_jobs().await;

        assert_eq!(app.db_count("case_events", Some("kind = 'leader_responded'")).await, 200);
        assert_eq!(app.db_count("messages", Some("template = 'leader_responded.resident'")).await, 200);
    }
}

story! {
    async fn of_two_opposite_merges_at_once_one_wins(app: &App) {
        let place = Place::made_in(app).await;
        for _ in 0..10 {
            let one = place.report(app, "三号楼电梯停了两天", &place.first).await;
            let other = place.report(app, "我家门口的电梯坏了", &place.second).await;

            let (there, back) = tokio::join!(
                merge(app, &place.manager, &one, &other).into_future(),
                merge(app, &place.manager, &other, &one).into_future(),
            );

            let (won, lost) = if there.status() == 200 { (there, back) } else { (back, there) };
            assert_eq!(won.expect_status(200)["state"], "merged");
            // It finds itself leading another one, which follows.
            lost.expect_problem(409, "leads_others");
        }
        assert_eq!(app.db_count("cases", Some("state = 'merged'")).await, 10);
        app.run_jobs().await;
    }
}

story! {
    async fn merges_in_a_circle_at_once_never_make_a_chain(app: &App) with { tests::Setup::unlimited } {
        let place = Place::made_in(app).await;
        for _ in 0..6 {
            let mut cases = Vec::new();
            for n in 0..3 {
                cases.push(place.report(app, &format!("{n} 单元电梯坏了"), &place.first).await);
            }
            let circle = (0..3).map(|n| merge(app, &place.manager, &cases[n], &cases[(n + 1) % 3]).into_future());

            let answers = join_all(circle).await;

            assert!(answers.iter().any(|answer| answer.status() == 200));
            for answer in answers.iter().filter(|answer| answer.status() != 200) {
                // It follows already, it leads by now, or the one that was to lead follows.
                let code = answer.expect_status(409)["code"].clone();
                assert!(["wrong_state", "leads_others", "bad_leader"].iter().any(|known| code == *known), "{code}");
            }
        }
        let chained = "leading_case_id IN (SELECT id FROM cases WHERE leading_case_id IS NOT NULL)";
        assert_eq!(app.db_count("cases", Some(chained)).await, 0);
        app.run_jobs().await;
    }
}

story! {
    async fn a_case_that_joins_while_the_answer_is_given_hears_it_once(app: &App) {
        let place = Place::made_in(app).await;
        let answer = json!({ "text": "已修复", "evidence": "visit" });
        for _ in 0..8 {
            let leading = place.report(app, "三号楼电梯停了两天", &place.first).await;
            app.act(&place.member, &leading, "accept", &json!({})).await.expect_status(200);
            let following = place.report(app, "我家门口的电梯坏了", &place.second).await;
            let respond = app.post(&format!("/api/v1/cases/{}/respond", leading["id"].as_str().unwrap()));

            let (merged, answered) = tokio::join!(
                merge(app, &place.manager, &following, &leading).into_future(),
                respond.bearer(&place.member.token).json(&answer).into_future(),
            );
            merged.expect_status(200);
            answered.expect_status(200);
            app.run_jobs().await;

            let events = history(app, &place.second, &following).await;
            assert_eq!(kinds(&events), ["created", "merge", "leader_responded"]);
        }
    }
}
