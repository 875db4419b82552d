//! Scans are counted by the hour and by what came of them; what is odd about a poster is told to whoever runs
//! its station.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Person, story};

async fn scan(app: &App, token: &str, times: usize, status: u16) {
    for _ in 0..times {
        app.get(&format!("/api/v1/codes/{token}")).await.expect_status(status);
    }
}

/// Writes what was counted, as the service does every second.
async fn flush(app: &App) {
    api::service::scan_counter::flush(app.state()).await.unwrap();
    api::service::unknown_codes::flush(app.state()).await.unwrap();
}

async fn read(app: &App, by: &Person, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).bearer(&by.token).await.expect_status(200)
}

/// The tokens of the codes in the list, and why somebody should look at each.
async fn concerns(app: &App, manager: &Person, station: &str, query: &str) -> Vec<(String, Value)> {
    let page = read(app, manager, &format!("stations/{station}/codes?{query}")).await;
    let items = page["items"].as_array().unwrap().iter();
    items.map(|code| (code["token"].as_str().unwrap().to_owned(), code["concerns"].clone())).collect()
}

story! {
    async fn a_manager_sees_what_came_of_the_scans(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let (station, code) = (district.station.to_string(), &district.code);
        let old = app.post(&format!("/api/v1/stations/{station}/codes")).bearer(&manager.token).json(&json!({})).await;
        let old = old.expect_status(201)["token"].as_str().unwrap().to_owned();
        let revoke = app.post(&format!("/api/v1/codes/{old}/revoke")).bearer(&manager.token);
        revoke.json(&json!({ "reason": "海报破损" })).await.expect_status(200);

        scan(app, code, 5, 200).await;
        scan(app, &old, 2, 410).await;
        let receipt = app.report(code, "电梯坏了", None).await;
        app.report(code, "路灯不亮", None).await;
        app.act(&member, &receipt, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已更换曳引机，电梯恢复运行。", "evidence": "visit" });
        app.act(&member, &receipt, "respond", &answer).await.expect_status(200);
        flush(app).await;
        app.advance(TimeDelta::days(1));
        scan(app, code, 1, 200).await;
        flush(app).await;
        app.run_jobs().await;

        let manager = app.person("manager").await;
        let today = api::service::figures::today(app.state());
        let period = format!("from={}&to={today}", today - TimeDelta::days(1));
        let all = read(app, &manager, &format!("stations/{station}/scans?{period}")).await;
        let told = |figures: &Value| ["opened", "revoked", "cases", "answered", "confirmed"].map(|of| figures[of].as_i64().unwrap());
        assert_eq!(told(&all), [6, 2, 2, 1, 0]);
        let days = all["days"].as_array().unwrap();
        assert_eq!(days.len(), 2);
        assert_eq!((&days[0]["opened"], &days[0]["revoked"], &days[0]["reported"]), (&json!(5), &json!(2), &json!(2)));
        assert_eq!((&days[1]["on"], &days[1]["opened"]), (&json!(today.to_string()), &json!(1)));
        let hours: i64 = all["hours"].as_array().unwrap().iter().map(|scans| scans.as_i64().unwrap()).sum();
        assert_eq!(hours, 6);
        let one = read(app, &manager, &format!("codes/{old}/scans?{period}")).await;
        assert_eq!(told(&one), [0, 2, 0, 0, 0]);
        let later = read(app, &manager, &format!("stations/{station}/scans?from={today}&to={today}")).await;
        assert_eq!(told(&later), [1, 0, 0, 0, 0]);
        let list = read(app, &manager, &format!("stations/{station}/codes")).await;
        let listed = list["items"].as_array().unwrap().iter().find(|entry| entry["token"] == **code).unwrap();
        assert_eq!((&listed["scan_count"], listed["last_scanned_at"].is_string()), (&json!(6), true), "a case is no scan");
    }
}

story! {
    async fn a_poster_that_nobody_scans_any_more_is_told(app: &App) {
        let district = app.district().await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let station = district.station.to_string();
        scan(app, &district.code, 1, 200).await;
        flush(app).await;
        app.advance(TimeDelta::days(59));
        let manager = app.person("manager").await;
        assert_eq!(concerns(app, &manager, &station, "concern=unscanned").await, [], "not long enough");
        app.advance(TimeDelta::days(2));
        let manager = app.person("manager").await;
        let unscanned = concerns(app, &manager, &station, "concern=unscanned").await;
        assert!(unscanned.contains(&(district.code.clone(), json!(["unscanned"]))), "{unscanned:?}");

        scan(app, &district.code, 1, 200).await;
        flush(app).await;
        let unscanned = concerns(app, &manager, &station, "concern=unscanned").await;
        assert!(!unscanned.iter().any(|(token, _)| *token == district.code), "somebody has scanned it");
        app.run_jobs().await;
    }
}

story! {
    async fn a_burst_of_scans_is_told_for_two_weeks(app: &App) {
        let district = app.district().await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        let station = district.station.to_string();
        // Two a day are usual.
        for _ in 0..4 {
            scan(app, &district.code, 14, 200).await;
            flush(app).await;
            app.advance(TimeDelta::days(7));
        }
        scan(app, &district.code, 59, 200).await;
        flush(app).await;
        let manager = app.person("manager").await;
        assert_eq!(concerns(app, &manager, &station, "concern=burst").await, []);
        scan(app, &district.code, 1, 200).await;
        flush(app).await;
        let burst = [(district.code.clone(), json!(["burst"]))];
        assert_eq!(concerns(app, &manager, &station, "concern=burst").await, burst);
        app.advance(TimeDelta::days(15));
        let manager = app.person("manager").await;
        assert_eq!(concerns(app, &manager, &station, "concern=burst").await, []);
        app.run_jobs().await;
    }
}

story! {
    async fn scans_of_tokens_that_nobody_issued_are_listed_as_long_as_they_come(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let tokens = |page: &Value| {
            let items = page["items"].as_array().unwrap().iter();
            items.map(|code| (code["token"].as_str().unwrap().to_owned(), code["scans"].as_i64().unwrap())).collect::<Vec<_>>()
        };
        let mut forged = district.code.clone();
        forged.replace_range(15..16, if forged.ends_with('0') { "1" } else { "0" });
        scan(app, &forged, 1, 404).await;
        scan(app, &forged.to_lowercase(), 1, 404).await;
        scan(app, "no-token-at-all", 1, 404).await;
        flush(app).await;
        assert_eq!(tokens(&read(app, &manager, "unknown-codes").await), [(forged.clone(), 2)]);
        scan(app, &forged, 1, 404).await;
        flush(app).await;
        let page = read(app, &manager, "unknown-codes").await;
        assert_eq!(tokens(&page), [(forged.clone(), 3)], "the same once more");
        scan(app, "Z000000000000000", 1, 404).await;
        flush(app).await;
        let first = read(app, &manager, "unknown-codes?limit=1").await;
        assert_eq!(tokens(&first), [("Z000000000000000".to_owned(), 1)], "newest first");
        let rest = format!("unknown-codes?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
        assert_eq!(tokens(&read(app, &manager, &rest).await), [(forged, 3)]);

        app.advance(TimeDelta::days(91));
        app.run_jobs().await;
        let manager = app.person("manager").await;
        assert_eq!(tokens(&read(app, &manager, "unknown-codes").await), []);
    }
}
