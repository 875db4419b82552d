//! Whatever people do, in whatever order: the figures are what the tables of cases, events and answers say,
//! counted here in another way.

use api::service::figure_rolls::{roll_all, verify_day};
use chrono::{Days, TimeDelta};
use domain::calendar::shanghai_date;
use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Dice, District, Setup, story};

use super::figures;

/// Somebody tries something on a case; what the rules refuse does not happen.
async fn try_something(app: &App, district: &District, cases: &[Value], draws: &mut Dice) {
    let case = &cases[draws.below(cases.len())];
    let to = *draws.one_of(&[
        (district.station, district.member),
        (district.station, district.colleague),
        (district.other_station, district.other_member),
    ]);
    let (by, action, body) = match draws.below(100) {
        0..20 => (*draws.one_of(&["member", "colleague", "other"]), "accept", json!({})),
        20..45 => {
            let evidence = *draws.one_of(&["photo", "explanation"]);
            (
                *draws.one_of(&["member", "colleague", "other", "admin"]),
                "respond",
                json!({ "text": "已更换扶手", "evidence": evidence }),
            )
        }
        45..50 => {
            (*draws.one_of(&["member", "colleague", "other"]), "return", json!({ "reason": "不归我管" }))
        }
        50..58 => {
            ("admin", "reassign", json!({ "station_id": to.0, "member_id": to.1, "reason": "换人办理" }))
        }
        58..64 => ("admin", "assign", json!({ "station_id": to.0, "member_id": to.1, "reason": "派件" })),
        64..66 => ("admin", "reassign", json!({ "station_id": to.0, "reason": "由工作站安排" })),
        66..71 => ("resident", "confirm", json!({ "solved": *draws.one_of(&["yes", "partly"]), "stars": 4 })),
        71..81 => ("resident", "contest", json!({ "reason": "还是坏的" })),
        81..84 => ("admin", "reopen", json!({ "reason": "重新办理" })),
        84..91 => ("admin", "uphold", json!({ "explanation": "已按规定办理" })),
        91 => ("admin", "reject", json!({ "reason": "不属于受理范围" })),
        92 => ("resident", "withdraw", json!({})),
        93..95 => {
            let leader = &cases[draws.below(cases.len())];
            ("admin", *draws.one_of(&["merge", "unmerge"]), json!({ "leading_case_id": leader["id"] }))
        }
        _ => ("resident", "second-look", json!({ "done": *draws.one_of(&["yes", "partly", "no"]) })),
    };
    let body = if action == "unmerge" { json!({}) } else { body };
    let answer = app.act(&app.person(by).await, case, action, &body).await;
    assert!([200, 403, 404, 409, 422].contains(&answer.status()), "{action}: {:?}", answer.json());
}

/// What a figure is by other tables.
async fn expected(app: &App, figure: &str) -> i64 {
    let kind = async |kind: &str| app.db_count("case_events", Some(&format!("kind = '{kind}'"))).await;
    let answered = app.db_count("(SELECT DISTINCT case_id FROM responses) answered", None).await;
    match figure {
        "received" => app.db_count("cases", None).await,
        "returned" => kind("return").await,
        "answered" => answered,
        "answered_again" => app.db_count("responses", None).await - answered,
        "confirmed" => app.db_count("ratings", Some("solved = 'yes'")).await,
        "confirmed_partly" => app.db_count("ratings", Some("solved = 'partly'")).await,
        "contested" => app.db_count("ratings", Some("solved = 'no'")).await,
        "upheld" => kind("uphold").await,
        "unconfirmed" => kind("expire").await,
        "rejected" => app.db_count("cases", Some("state = 'rejected'")).await,
        "withdrawn" => app.db_count("cases", Some("state = 'withdrawn'")).await,
        "merged" => kind("merge").await,
        "asked" => app.db_count("second_looks", None).await,
        "look confirmed" => app.db_count("second_looks", Some("verdict = 'yes'")).await,
        "look contested" => app.db_count("second_looks", Some("verdict IN ('partly', 'no')")).await,
        other => panic!("{other}"),
    }
}

story! {
    async fn figures_are_what_the_other_tables_say_whatever_happened(app: &App) with { Setup::unlimited } {
        let district = app.district().await;
        for (name, role, scope) in [
            ("member", Role::Member, district.member.0),
            ("colleague", Role::Member, district.colleague.0),
            ("other", Role::Member, district.other_member.0),
            ("admin", Role::CommitteeAdmin, district.committee.0),
        ] {
            app.staff(name, role, scope).await;
        }
        let begun = shanghai_date(app.now());
        let mut draws = Dice::seeded(20_260_302);
        let mut cases: Vec<Value> = Vec::new();
        for day in 0..75 {
            if day < 30 {
                let text = ["电梯坏了", "路灯不亮", "看病难"][draws.below(3)];
                let at = *draws.one_of(&[district.station, district.other_station]);
                let body = json!({ "station_id": at, "text": text });
                let resident = app.person("resident").await;
                cases.push(app.send_report(&body, Some(&resident)).await.expect_status(201));
            }
            for _ in 0..18 {
                try_something(app, &district, &cases, &mut draws).await;
            }
            app.advance(TimeDelta::hours(24));
            // Time works on cases every day; figures are brought forward when they are.
            match draws.below(3) {
                0 => roll_all(app.state()).await.unwrap(),
                _ => app.run_jobs().await,
            }
        }
        app.run_jobs().await;
        roll_all(app.state()).await.unwrap();

        let admin = app.person("admin").await;
        let path = format!("committees/{}/figures?from={begun}&to=2026-12-31", district.committee);
        let list = figures(app, &admin, &path).await;
        let sum = |part: &str, name: &str| -> i64 {
            list["items"].as_array().unwrap().iter().map(|it| it["figures"][part][name].as_i64().unwrap()).sum()
        };
        let mut nothing = Vec::new();
        for figure in ["received", "returned", "answered", "answered_again", "confirmed", "confirmed_partly", "contested",
            "upheld", "unconfirmed", "rejected", "withdrawn", "merged"] {
            let counted = sum("counts", figure);
            assert_eq!(counted, expected(app, figure).await, "{figure}");
            nothing.extend((counted == 0).then_some(figure));
        }
        assert_eq!(nothing, [""; 0], "the history is rich enough to try all of them");
        let looks = |name| sum("second_looks", name);
        assert_eq!(looks("asked"), expected(app, "asked").await);
        assert_eq!(looks("confirmed"), expected(app, "look confirmed").await);
        assert_eq!(looks("contested"), expected(app, "look contested").await);
        assert_eq!(looks("asked"), looks("confirmed") + looks("contested") + looks("unconfirmed") + looks("claimed"));
        assert!(looks("asked") > looks("confirmed") + looks("contested"), "somebody said nothing");
        let late = "kind = 'respond' AND case_id IN (SELECT id FROM cases) AND seq = (SELECT min(first.seq) FROM case_events first
            WHERE first.case_id = case_events.case_id AND first.kind = 'respond') AND CAST(body AS text) LIKE '%late%'";
        assert_eq!(sum("counts", "answered_late"), app.db_count("case_events", Some(late)).await);
        assert_eq!(sum("now", "open"), app.db_count("cases", Some("ended_at IS NULL AND state <> 'merged'")).await);

        // By member: what the members of the committee did, and what nobody did, is all there is.
        let mut by_member = 0;
        for member in [district.member, district.colleague, district.other_member] {
            let path = format!("members/{member}/figures?from={begun}&to=2026-12-31");
            by_member += figures(app, &admin, &path).await["figures"]["counts"]["answered"].as_i64().unwrap();
        }
        assert_eq!(by_member, sum("counts", "answered"));

        // And the nightly check, which makes each day anew, finds nothing to mend.
        for day in 0..200 {
            let day = begun.checked_add_days(Days::new(day)).unwrap();
            assert_eq!(verify_day(app.state(), day).await.unwrap(), [], "{day}");
        }
        assert!(app.db_count("figures", None).await > 50);
    }
}
