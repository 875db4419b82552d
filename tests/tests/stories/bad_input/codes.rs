//! Tokens of codes: made up, somebody else's, revoked.

use domain::role::Role;
use serde_json::json;
use tests::story;

use super::expect_nothing_kept;

/// Nobody's: the alphabet fits, the signature does not.
const MADE_UP: &str = "A123456789ABCDEF";

/// What hangs on other people's walls, and what is no token at all.
fn bad_tokens() -> Vec<String> {
    let foreign = |version| {
        let key = qr::TokenKey::new(version, b"a code key of somebody else, 32 bytes").unwrap();
        qr::TokenKeys::new(key, []).unwrap().mint([12; 5]).to_string()
    };
    let long = "A".repeat(600);
    let words = ["x", "A", "00000000-0000-7000-8000-000000000000", "%27%20OR%201=1", "%00", "二维码", &long];
    let mut tokens = vec![MADE_UP.to_owned(), foreign('A'), foreign('Z')];
    tokens.extend(words.iter().map(|word| (*word).to_owned()));
    tokens
}

story! {
    async fn a_made_up_or_foreign_code_gives_nothing_and_takes_nothing_in(app: &App) {
        app.district().await;
        for token in bad_tokens() {
            let card = app.get(&format!("/api/v1/codes/{token}")).await;
            card.expect_problem(404, "code_not_found");
            let picture = app.get(&format!("/api/v1/codes/{token}/qr.png")).await;
            picture.expect_problem(404, "code_not_found");
            assert_eq!(app.get(&format!("/c/{token}")).await.status(), 404, "{token}");
            let report = json!({ "code": token, "text": "电梯坏了" });
            app.send_report(&report, None).await.expect_problem(404, "code_not_found");
        }
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn a_revoked_code_leads_on_to_its_replacement(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let revoke = format!("/api/v1/codes/{}/revoke", district.code);
        let card = format!("/api/v1/codes/{}", district.code);
        let report = json!({ "code": district.code, "text": "电梯坏了" });

        let torn = json!({ "reason": "海报破损" });
        let revoked = app.post(&revoke).bearer(&manager.token).json(&torn).await.expect_status(200);
        assert_eq!((&revoked["state"], &revoked["reason"]), (&json!("revoked"), &json!("海报破损")));
        let gone = app.get(&card).await.expect_problem(410, "code_revoked");
        assert_eq!(gone["replacement"], json!(null));
        app.send_report(&report, None).await.expect_problem(410, "code_revoked");
        app.get(&format!("{card}/qr.svg")).await.expect_problem(410, "code_revoked");

        let renewed = json!({ "reason": "已换新海报", "replacement": district.member_code });
        app.post(&revoke).bearer(&manager.token).json(&renewed).await.expect_status(200);
        let gone = app.get(&card).await.expect_problem(410, "code_revoked");
        assert_eq!(gone["replacement"]["token"], district.member_code);
        let link = format!("https://m.example/c/{}", district.member_code);
        assert_eq!(gone["replacement"]["url"], link);
        let refused = app.send_report(&report, None).await.expect_problem(410, "code_revoked");
        assert_eq!(refused["replacement"]["token"], district.member_code);
        let page = app.get(&format!("/c/{}", district.code)).await;
        assert_eq!(page.status(), 410);
        assert!(String::from_utf8_lossy(page.bytes()).contains(&link));
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn no_code_is_replaced_by_itself_a_revoked_or_a_foreign_one(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let revoke = async |token: &str, replacement: &str| {
            let body = json!({ "reason": "海报破损", "replacement": replacement });
            app.post(&format!("/api/v1/codes/{token}/revoke")).bearer(&manager.token).json(&body).await
        };

        for replacement in [&district.code, &neighbours.code, MADE_UP] {
            let refused = revoke(&district.code, replacement).await.expect_problem(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], "/replacement");
        }
        app.get(&format!("/api/v1/codes/{}", district.code)).await.expect_status(200);
        revoke(&neighbours.code, &district.code).await.expect_problem(404, "code_not_found");
        app.get(&format!("/api/v1/codes/{}", neighbours.code)).await.expect_status(200);
    }
}
