//! Who is told what, on both channels: what stands in the inbox also arrives on the phone, and nothing else.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::json;
use tests::{App, Person, story};

/// The inbox and the phone of somebody say the same, in the same order.
async fn hears(app: &App, name: &str, person: &Person, titles: &[&str]) {
    let mut inbox: Vec<String> =
        app.inbox(person).await.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
    inbox.reverse();
    assert_eq!(inbox, titles, "the inbox of {name}");
    assert_eq!(app.phone(name), titles, "the phone of {name}");
}

story! {
    async fn everybody_hears_on_the_phone_what_stands_in_the_inbox(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let mut resident = app.person("resident").await;
        let mut member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let officer = app.staff("officer", Role::DepartmentOfficer, district.department.0).await;
        for name in ["resident", "member", "manager", "officer"] {
            app.agree_to_all(name, 8).await;
        }
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        let due = "2026-03-06";
        let steps = [
            (&member, "accept", json!({})),
            (&member, "request-information", json!({ "question": "几号楼？" })),
            (&resident, "supplement", json!({ "text": "三号楼" })),
            (&manager, "dispatch", json!({ "department_id": district.department, "request": "请查看", "due_on": due })),
            (&officer, "reply", json!({ "text": "已派人" })),
            (&member, "respond", json!({ "text": "已修复", "evidence": "visit" })),
            (&resident, "contest", json!({ "reason": "又坏了" })),
        ];
        for (by, action, body) in steps {
            app.act(by, &receipt, action, &body).await.expect_status(200);
            app.run_jobs().await;
            app.advance(TimeDelta::seconds(1));
        }
        hears(app, "resident", &resident, &["开始办理", "请补充情况", "已转办", "已有答复"]).await;
        let of_member = ["新的群众反映", "群众补充了情况", "转办", "承办单位已回复", "群众有异议"];
        hears(app, "member", &member, &of_member).await;
        hears(app, "manager", &manager, &["群众有异议"]).await;
        hears(app, "officer", &officer, &["转办"]).await;
        assert_eq!(app.ledger().await, app.wechat().credits());

        // Nobody works on it: member and manager are told when it is late.
        app.advance(TimeDelta::days(12));
        app.run_jobs().await;
        (resident, member) = (app.person("resident").await, app.person("member").await);
        let late = app.phone("member");
        assert!(late.len() > of_member.len(), "{late:?}");
        let late: Vec<&str> = late.iter().map(String::as_str).collect();
        hears(app, "member", &member, &late).await;
        assert_eq!(app.phone("resident").len(), app.inbox(&resident).await.len());
    }
}

story! {
    async fn a_booked_reception_day_is_confirmed_on_the_phone(app: &App) with { |setup| setup.templates() } {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let resident = app.person("resident").await;
        app.staff("colleague", Role::Member, district.colleague.0).await;
        for name in ["resident", "colleague"] {
            app.agree_to_all(name, 3).await;
        }
        let starts_at = app.now() + TimeDelta::minutes(1410);
        let body = json!({
            "member_id": district.colleague, "kind": "reception_day",
            "starts_at": starts_at, "ends_at": starts_at + TimeDelta::hours(2),
            "slots": { "minutes": 30, "capacity": 2 },
        });
        let path = format!("/api/v1/stations/{}/roster", district.station);
        let day = app.post(&path).bearer(&manager.token).json(&body).await.expect_status(201);
        let path = format!("/api/v1/reception-days/{}/bookings", day["id"].as_str().unwrap());
        let slot = json!({ "starts_at": starts_at + TimeDelta::minutes(30) });
        app.post(&path).bearer(&resident.token).json(&slot).await.expect_status(201);
        app.run_jobs().await;
        let arrived = app.wechat().arrived_at("resident").unwrap();
        assert_eq!((&*arrived[0].data["thing1"], &*arrived[0].data["time2"]), ("预约成功", "2026年3月3日 09:30"));

        // At night, too, he is told that it does not take place.
        app.advance(TimeDelta::hours(13));
        let manager = app.person("manager").await;
        let cancel = format!("/api/v1/shifts/{}/cancel", day["id"].as_str().unwrap());
        let reason = json!({ "reason": "委员外出开会" });
        app.post(&cancel).bearer(&manager.token).json(&reason).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(app.phone("resident"), ["预约成功", "接待日取消"]);
    }
}
