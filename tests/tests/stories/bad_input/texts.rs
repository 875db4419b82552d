//! Texts at their limits: in characters, in bytes, with what no keyboard sends.

use serde_json::{Value, json};
use tests::{App, story};

use super::expect_nothing_kept;

/// Four bytes of UTF-8, the most that one character takes.
const PEOPLE: &str = "𠀀";
/// One picture to the eye, seven characters, 25 bytes.
const FAMILY: &str = "👨‍👩‍👧‍👦";

async fn refusal(app: &App, body: &Value) -> (String, String) {
    let problem = app.send_report(body, None).await.expect_problem(422, "validation_failed");
    let fault = &problem["errors"][0];
    (fault["pointer"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned())
}

story! {
    async fn a_text_may_be_as_long_as_its_limit_in_characters_of_any_width(app: &App) {
        let district = app.district().await;
        let manager = app.staff("m", domain::role::Role::StationManager, district.station.0).await;
        let long = [
            "a".repeat(2000),
            "修".repeat(2000),
            PEOPLE.repeat(2000),
            format!("{}{}", FAMILY.repeat(285), "a".repeat(5)),
            format!("  \n{}\t ", "修".repeat(2000)),
            "一行\r\n二行\t缩进".to_owned(),
        ];
        for text in &long {
            let receipt = app.report(&district.code, text, None).await;
            let case = app.case(&manager, &receipt).await.expect_status(200);
            assert_eq!(case["text"].as_str(), Some(text.trim()), "kept as it was written");
        }
        app.run_jobs().await;
    }
}

story! {
    async fn a_text_beyond_its_limit_or_with_control_characters_is_refused(app: &App) {
        let district = app.district().await;
        let with = |text: &str| json!({ "code": district.code, "text": text });
        for (text, code) in [
            ("a".repeat(2001), "too_long"),
            ("修".repeat(2001), "too_long"),
            (PEOPLE.repeat(2001), "too_long"),
            (FAMILY.repeat(286), "too_long"),
            (String::new(), "blank"),
            (" \n\t\u{3000}".to_owned(), "blank"),
            ("电梯\0坏了".to_owned(), "control_character"),
            ("电梯\u{1b}[31m坏了".to_owned(), "control_character"),
            ("电梯\u{7f}".to_owned(), "control_character"),
            ("电梯\u{85}坏了".to_owned(), "control_character"),
        ] {
            let seen = refusal(app, &with(&text)).await;
            assert_eq!(seen, ("/text".to_owned(), code.to_owned()), "{:?}", text.get(..12));
        }
        for (pointer, change, code) in [
            ("/contact/name", json!({ "contact": { "name": "名".repeat(61) } }), "too_long"),
            ("/contact/name", json!({ "contact": { "name": "名\u{0}" } }), "control_character"),
            ("/location/name", json!({ "location": { "lat": 31.5, "lng": 104.5, "name": "名".repeat(61) } }), "too_long"),
            ("/location/address", json!({ "location": { "lat": 31.5, "lng": 104.5, "address": "路".repeat(201) } }), "too_long"),
            ("/on_behalf_of", json!({ "on_behalf_of": "名".repeat(61) }), "too_long"),
        ] {
            let mut body = with("电梯坏了");
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!(refusal(app, &body).await, (pointer.to_owned(), code.to_owned()));
        }
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn all_that_is_wrong_is_said_at_once(app: &App) {
        let district = app.district().await;
        let body = json!({
            "code": district.code,
            "text": " ",
            "contact": { "name": "名".repeat(61), "phone": "x" },
            "uploads": vec!["00000000-0000-7000-8000-00000000dead"; 10],
        });
        let problem = app.send_report(&body, None).await.expect_problem(422, "validation_failed");
        let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|it| &it["pointer"]).collect();
        assert_eq!(pointers, ["/text", "/contact/name", "/contact/phone", "/uploads"]);
        expect_nothing_kept(app).await;
    }
}

story! {
    async fn what_is_searched_for_is_text_and_never_a_pattern_or_sql(app: &App) {
        let district = app.district().await;
        let manager = app.staff("m", domain::role::Role::StationManager, district.station.0).await;
        app.report(&district.code, "完成了100%的一半_而已", None).await;
        app.report(&district.code, "电梯'坏了\\", None).await;
        app.run_jobs().await;
        for (q, found) in [("100%25", 1), ("%25", 0), ("_", 0), ("%27", 0), ("%5C", 0), ("%E7%94%B5%E6%A2%AF'%5C", 1), ("%27%20OR%201=1--", 0), ("100%25X", 0)] {
            let path = format!("/api/v1/cases?view=station&q={q}");
            let list = app.get(&path).bearer(&manager.token).await.expect_status(200);
            assert_eq!(list["items"].as_array().map(Vec::len), Some(found), "{q}");
        }
    }
}

story! {
    async fn no_question_however_odd_is_our_fault(app: &App) {
        let district = app.district().await;
        let manager = app.staff("m", domain::role::Role::StationManager, district.station.0).await;
        let station = district.station;
        let far = ["%2B262142-12-30", "-262143-01-01", "0000-01-01", "9999-12-31", "2026-02-30", ""];
        let mut paths: Vec<String> = ["%00", "%FF", "a%00b", "%F0%9F%98%80", "%", "%5C%00"].iter().flat_map(|q| {
            ["cases?view=station&q=", "members?q=", "stations?q=", "cases?sort=", "stations?near=", "cases?cursor=",
             "members?cursor=", "tracking/", "codes/", "members/", "cases/"].map(|path| format!("{path}{q}"))
        }).collect();
        for day in far {
            for path in [format!("cases?from={day}"), format!("cases?to={day}"), format!("cases?from={day}&to={day}"),
                format!("stations/{station}/roster?from={day}&to={day}"), format!("stations/{station}/roster?to={day}")] {
                paths.push(path);
            }
        }
        for near in ["NaN,1", "inf,inf", "1e308,1e308", "-90,180", ",", "1"] {
            paths.push(format!("stations?near={near}"));
        }
        for cursor in CURSORS.map(|cursor| data_encoding::BASE64URL_NOPAD.encode(cursor.as_bytes())) {
            for list in ["members?", "stations?", "stations?near=31,104&", "categories?", "committees?", "departments?",
                "cases?", "cases?sort=due&", "me/messages?", &format!("stations/{station}/codes?"),
                &format!("stations/{station}/roster?")] {
                paths.push(format!("{list}cursor={cursor}"));
            }
        }
        for limit in ["0", "101", "-1", "1e3", "18446744073709551616", "x"] {
            paths.push(format!("members?limit={limit}"));
        }

        let mut ours = Vec::new();
        for path in paths {
            let answer = app.get(&format!("/api/v1/{path}")).bearer(&manager.token).await;
            if answer.status() >= 500 {
                ours.push(path);
            }
        }
        assert!(ours.is_empty(), "{}", ours.join("\n"));
    }
}

/// What somebody might put into a cursor who has found out how they are made.
const CURSORS: [&str; 14] = [
    "null",
    "\"\"",
    "[]",
    "7",
    "-9223372036854775808",
    "\"00000000-0000-7000-8000-00000000dead\"",
    "[\"\\u0000\",\"00000000-0000-7000-8000-00000000dead\"]",
    "[2147483647,\"00000000-0000-7000-8000-00000000dead\"]",
    "[1e308,\"00000000-0000-7000-8000-00000000dead\"]",
    "[9223372036854775807,\"00000000-0000-7000-8000-00000000dead\"]",
    "[\"+262142-12-31T00:00:00Z\",\"00000000-0000-7000-8000-00000000dead\"]",
    "[\"-262143-01-01T00:00:00Z\",\"00000000-0000-7000-8000-00000000dead\"]",
    "{\"due\":\"+262142-12-31T00:00:00Z\",\"id\":\"00000000-0000-7000-8000-00000000dead\"}",
    "{\"due\":\"-262143-01-01T00:00:00Z\",\"id\":\"00000000-0000-7000-8000-00000000dead\"}",
];
