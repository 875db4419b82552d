//! Posters that look wrong to somebody: said by anybody, seen by who can go and look.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Person, story};

async fn report(app: &App, body: &Value) -> Value {
    app.post("/api/v1/poster-reports").json(body).await.expect_status(201)
}

async fn texts(app: &App, who: &Person, path: &str) -> Vec<String> {
    let page = app.get(&format!("/api/v1/{path}")).bearer(&who.token).await.expect_status(200);
    page["items"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect()
}

story! {
    async fn the_station_whose_poster_it_is_goes_and_looks(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let stranger = app.staff("stranger", Role::StationManager, district.other_station.0).await;
        let list = format!("stations/{}/poster-reports", district.station);
        let said = json!({ "token": district.code, "text": "上面贴了一张收款码", "place": "三号楼电梯口" });
        let received = report(app, &said).await;
        assert_eq!(received["is_ours"], true);
        assert_eq!(texts(app, &manager, &list).await, ["上面贴了一张收款码"]);
        assert_eq!(texts(app, &manager, "poster-reports").await, [""; 0], "it is known whose it is");

        let settle = format!("/api/v1/poster-reports/{}/settle", received["id"].as_str().unwrap());
        let note = json!({ "note": "已撕下并报警，换了新海报" });
        app.post(&settle).bearer(&stranger.token).json(&note).await.expect_problem(404, "not_found");
        let settled = app.post(&settle).bearer(&manager.token).json(&note).await.expect_status(200);
        assert_eq!(settled["note"], note["note"]);
        assert_eq!(texts(app, &manager, &format!("{list}?unsettled=true")).await, [""; 0]);
        assert_eq!(texts(app, &manager, &list).await.len(), 1, "it stays to be read");
    }
}

story! {
    async fn a_code_that_is_none_of_ours_is_seen_by_everybody_who_runs_a_station(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let other = app.staff("other", Role::StationManager, district.other_station.0).await;
        let forged = report(app, &json!({ "token": "https://evil.example/pay", "text": "要我付款" })).await;
        assert_eq!(forged["is_ours"], false);
        report(app, &json!({ "text": "码被撕掉一半" })).await;
        for who in [&manager, &other] {
            assert_eq!(texts(app, who, "poster-reports").await, ["码被撕掉一半", "要我付款"]);
        }
        let first = texts(app, &manager, "poster-reports?limit=1").await;
        assert_eq!(first, ["码被撕掉一半"]);
    }
}

story! {
    async fn what_is_said_of_a_poster_is_checked_and_taken_in_once(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let bad = json!({ "token": "x".repeat(501), "text": " ", "place": "楼\u{1b}" });
        let refused = app.post("/api/v1/poster-reports").json(&bad).await;
        let problem = refused.expect_problem(422, "validation_failed");
        let faults: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|it| &it["pointer"]).collect();
        assert_eq!(faults, ["/text", "/place", "/token"]);

        let said = json!({ "token": district.code, "text": "字看不清了" });
        let send = || app.post("/api/v1/poster-reports").header("Idempotency-Key", "poster-1").json(&said);
        let first = send().await.expect_status(201);
        assert_eq!(send().await.expect_status(201), first);
        let list = format!("stations/{}/poster-reports", district.station);
        assert_eq!(texts(app, &manager, &list).await.len(), 1);
    }
}
