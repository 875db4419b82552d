//! One's own data: all of it shown, and all of it gone when wanted.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, District, Person, story};

use crate::pictures;

/// A case with all that a resident can say of himself.
async fn full_report(app: &App, district: &District, by: &Person) -> Value {
    let request = app.post("/api/v1/uploads").bearer(&by.token).idempotency_key("a-picture");
    let upload = request.file("a.png", "image/png", &pictures::png(9, 9)).await.expect_status(201);
    let body = json!({
        "code": district.code,
        "text": "电梯坏了，老人下不了楼",
        "location": { "lat": 31.501, "lng": 104.502, "name": "三号楼", "address": "样例路1号" },
        "contact": { "name": "样例居民", "phone": "199-0000-0001" },
        "on_behalf_of": "样例老人",
        "uploads": [upload["id"]],
    });
    app.send_report(&body, Some(by)).await.expect_status(201)
}

/// The member answers, who has the role already.
async fn answered(app: &App, receipt: &Value) {
    let member = app.person("member").await;
    app.act(&member, receipt, "accept", &json!({})).await.expect_status(200);
    app.act(&member, receipt, "note", &json!({ "text": "内部备注" })).await.expect_status(200);
    let answer = json!({ "text": "已修复", "evidence": "visit" });
    app.act(&member, receipt, "respond", &answer).await.expect_status(200);
    app.run_jobs().await;
}

story! {
    async fn an_export_holds_everything_of_mine_and_nothing_of_others(app: &App) {
        let district = app.district().await;
        let (resident, other) = (app.person("resident").await, app.person("other").await);
        app.staff("member", Role::Member, district.member.0).await;
        app.report(&district.code, "别人的事", Some(&other)).await;
        let receipt = full_report(app, &district, &resident).await;
        answered(app, &receipt).await;
        let confirm = json!({ "solved": "partly", "stars": 4, "comment": "还有一点异响" });
        app.act(&resident, &receipt, "confirm", &confirm).await.expect_status(200);

        let answer = app.get("/api/v1/me/export").bearer(&resident.token).await;
        let export = answer.expect_status(200);
        assert!(answer.header("content-disposition").starts_with("attachment"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(export["account"]["id"], json!(resident.account_id));
        let openid = app.wechat().user("resident").unwrap().openid;
        assert_eq!(export["wechat_identities"][0]["openid"], openid);
        let cases = export["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 1);
        let case = &cases[0];
        assert_eq!(case["number"], receipt["number"]);
        assert_eq!((&case["lat"], &case["place_address"]), (&json!(31.501), &json!("样例路1号")));
        let text = export.to_string();
        for mine in ["电梯坏了，老人下不了楼", "三号楼", "样例居民", "19900000001", "样例老人", "还有一点异响", "已修复"] {
            assert!(text.contains(mine), "{mine} is missing");
        }
        assert_eq!(export["uploads"][0]["case_id"], receipt["id"]);
        assert!(!export["messages"].as_array().unwrap().is_empty());
        for foreign in ["别人的事", "内部备注"] {
            assert!(!text.contains(foreign), "{foreign} is not mine");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn who_is_erased_is_gone_and_the_case_stays_without_a_trace_of_him(app: &App) {
        let district = app.district().await;
        let resident = app.person("resident").await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = full_report(app, &district, &resident).await;
        let before = app.case(&manager, &receipt).await.expect_status(200);
        assert_eq!(before["contact"]["name"], "样例居民");

        app.delete("/api/v1/me").bearer(&resident.token).await.expect_status(204);

        app.get("/api/v1/me").bearer(&resident.token).await.expect_problem(401, "account_disabled");
        let refresh = json!({ "refresh_token": resident.refresh_token });
        let refused = app.post("/api/v1/sessions/refresh").json(&refresh).await;
        refused.expect_problem(401, "refresh_token_invalid");
        for (table, left) in [
            ("wechat_identities", "1 = 1"),
            ("refresh_tokens", "1 = 1"),
            ("cases", "resident_id IS NOT NULL OR contact_sealed IS NOT NULL"),
            ("uploads", "account_id IS NOT NULL"),
            ("accounts", "state <> 'erased' AND display_name IS NOT NULL"),
        ] {
            let of_staff = i64::from(matches!(table, "wechat_identities" | "refresh_tokens"));
            assert_eq!(app.db_count(table, Some(left)).await, of_staff, "{table}");
        }
        let after = app.case(&manager, &receipt).await.expect_status(200);
        assert_eq!((&after["contact"], &after["text"]), (&json!(null), &before["text"]));
        app.run_jobs().await;
    }
}

story! {
    async fn who_comes_back_after_erasure_is_somebody_new(app: &App) {
        let district = app.district().await;
        let before = app.person("resident").await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&before)).await;
        app.delete("/api/v1/me").bearer(&before.token).await.expect_status(204);

        let after = app.person("resident").await;

        assert_ne!(before.account_id, after.account_id);
        app.case(&after, &receipt).await.expect_problem(404, "not_found");
        let mine = app.get("/api/v1/cases").bearer(&after.token).await.expect_status(200);
        assert_eq!(mine["items"], json!([]));
        // The ticket on the slip still works: it never belonged to the account.
        let path = format!("/api/v1/tracking/{}", receipt["number"].as_str().unwrap());
        app.get(&path).ticket(receipt["case_ticket"].as_str().unwrap()).await.expect_status(200);
        app.run_jobs().await;
    }
}

story! {
    async fn messages_are_counted_paged_and_read_by_their_owner_only(app: &App) {
        let district = app.district().await;
        let (resident, other) = (app.person("resident").await, app.person("other").await);
        app.staff("member", Role::Member, district.member.0).await;
        for text in ["电梯坏了", "物业不管"] {
            let receipt = app.report(&district.code, text, Some(&resident)).await;
            answered(app, &receipt).await;
        }
        let list = async |by: &Person, query: &str| {
            app.get(&format!("/api/v1/me/messages{query}")).bearer(&by.token).await.expect_status(200)
        };
        let all = list(&resident, "").await;
        let count = all["items"].as_array().unwrap().len();
        assert!(count >= 2);
        assert_eq!(all["unread"], json!(count));
        let first = list(&resident, "?limit=1").await;
        let rest = list(&resident, &format!("?limit=100&cursor={}", first["next_cursor"].as_str().unwrap())).await;
        assert_eq!(first["items"][0]["id"], all["items"][0]["id"]);
        assert_eq!(rest["items"].as_array().unwrap()[..], all["items"].as_array().unwrap()[1..]);

        let read = format!("/api/v1/me/messages/{}/read", all["items"][0]["id"].as_str().unwrap());
        app.post(&read).bearer(&other.token).await.expect_problem(404, "not_found");
        assert_eq!(list(&resident, "").await["unread"], json!(count));
        for _ in 0..2 {
            app.post(&read).bearer(&resident.token).await.expect_status(204);
        }
        assert_eq!(list(&resident, "").await["unread"], json!(count - 1));
        assert_eq!(list(&other, "").await["items"], json!([]));
    }
}
