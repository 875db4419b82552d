//! The log of what admins did.

use domain::role::Role;
use futures::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tests::story;

use super::{change, create};

story! {
    async fn the_log_tells_what_it_was_and_what_it_is_now(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let committee = format!("committees/{}", district.committee);
        let made = create(app, &admin, &format!("{committee}/departments"), &json!({ "name": "住建局" })).await;
        let department = format!("departments/{}", made["id"].as_str().unwrap());
        change(app, &admin, &department, &json!({ "name": "住房和城乡建设局" })).await.expect_status(200);
        // The same again is no change.
        change(app, &admin, &department, &json!({ "name": "住房和城乡建设局" })).await.expect_status(200);

        let log = format!("/api/v1/{committee}/audit-entries?limit=1");
        let newest = app.get(&log).bearer(&admin.token).await.expect_status(200);
        let entry = &newest["items"][0];
        assert_eq!((&entry["seq"], &entry["action"], &entry["target"]), (&json!(2), &json!("change"), &json!("department")));
        assert_eq!(entry["detail"], json!({ "before": { "name": "住建局" }, "after": { "name": "住房和城乡建设局" } }));
        assert_eq!((&entry["account_id"], &entry["target_id"]), (&json!(admin.account_id), &made["id"]));
        let next = format!("{log}&cursor={}", newest["next_cursor"].as_str().unwrap());
        let oldest = app.get(&next).bearer(&admin.token).await.expect_status(200);
        assert_eq!((&oldest["items"][0]["action"], &oldest["next_cursor"]), (&json!("create"), &json!(null)));
    }
}

story! {
    async fn many_who_change_things_at_once_write_one_whole_chain(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let path = format!("/api/v1/committees/{}/sectors", district.committee);
        let names = (0..20).map(|n| json!({ "name": format!("界别{n}") }));
        let sent = names.map(|body| app.post(&path).bearer(&admin.token).json(&body));
        for answer in join_all(sent.map(IntoFuture::into_future)).await {
            answer.expect_status(201);
        }
        assert_eq!(app.db_count("audit_entries", Some("seq BETWEEN 1 AND 20")).await, 20);

        let program = app.program();
        let verified = program.run(&["verify-audit"]);
        let said = String::from_utf8(verified.stdout).unwrap();
        assert!(verified.status.success() && said.contains("whole: 20 entries"), "{said}");
        let forged = "UPDATE audit_entries SET account_id = NULL WHERE seq = 7";
        app.db().execute_unprepared(forged).await.unwrap();
        let verified = program.run(&["verify-audit"]);
        let said = String::from_utf8(verified.stdout).unwrap();
        assert!(!verified.status.success() && said.contains("entry 7"), "{said}");
    }
}

story! {
    async fn codes_and_invitations_are_in_the_log_without_their_secrets(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let code = create(app, &admin, &format!("stations/{}/codes", district.station), &json!({})).await;
        let revoke = format!("codes/{}/revoke", code["token"].as_str().unwrap());
        app.post(&format!("/api/v1/{revoke}")).bearer(&admin.token).json(&json!({ "reason": "海报破损" })).await
            .expect_status(200);
        let invitation = json!({ "role": "member", "scope_id": district.member, "phone": "19900000001" });
        let invited = create(app, &admin, "invitations", &invitation).await;

        let log = format!("/api/v1/committees/{}/audit-entries", district.committee);
        let log = app.get(&log).bearer(&admin.token).await.expect_status(200);
        let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["invite", "revoke_code", "issue_code"]);
        let text = log.to_string();
        assert!(!text.contains(invited["code"].as_str().unwrap()) && !text.contains("19900000001"));
    }
}
