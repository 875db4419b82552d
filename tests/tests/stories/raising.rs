//! Raising a case (督办): level by level, and each level is told.

use domain::ids::CommitteeId;
use domain::role::Role;
use domain::vocabulary::Level;
use entity::committee;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;
use tests::{App, District, Person, story};
use uuid::Uuid;

/// A committee above the district's.
async fn city(app: &App, district: &District) -> CommitteeId {
    let id = CommitteeId(Uuid::from_u128((0x7000 << 64) + (0x8000 << 48) + 900));
    let name = "青禾市政协".to_owned();
    app.keep(committee::Model { id, parent_id: None, name, level: Level::City, created_at: app.now() }).await;
    let row = committee::ActiveModel {
        id: Set(district.committee),
        parent_id: Set(Some(id)),
        ..Default::default()
    };
    row.update(app.db()).await.unwrap();
    id
}

async fn unread(app: &App, person: &Person) -> u64 {
    let inbox = app.get("/api/v1/me/messages").bearer(&person.token).await.expect_status(200);
    inbox["unread"].as_u64().unwrap()
}

story! {
    async fn each_level_is_told_when_a_case_reaches_it(app: &App) {
        let district = app.district().await;
        let above = city(app, &district).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let city = app.staff("city", Role::CommitteeAdmin, above.0).await;
        let resident = app.person("resident").await;
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        app.run_jobs().await;
        let reason = json!({ "reason": "涉及老人出行，请尽快办理" });

        // Before it is late, the resident has to wait; the managers need not.
        app.act(&resident, &receipt, "escalate", &reason).await.expect_problem(403, "not_allowed");
        for (level, told) in [(1, [0, 0]), (2, [1, 0]), (3, [2, 1])] {
            let raised = app.act(&manager, &receipt, "escalate", &reason).await.expect_status(200);
            assert_eq!(raised["escalation_level"], level);
            app.run_jobs().await;
            assert_eq!([unread(app, &admin).await, unread(app, &city).await], told, "level {level}");
        }

        app.act(&admin, &receipt, "escalate", &reason).await.expect_problem(409, "raised_already");
        let seen = app.case(&manager, &receipt).await.expect_status(200);
        assert!(!seen["allowed_actions"].as_array().unwrap().contains(&json!("escalate")));
        let path = format!("/api/v1/cases/{}/events", receipt["id"].as_str().unwrap());
        let events = app.get(&path).bearer(&manager.token).await.expect_status(200);
        let levels: Vec<_> =
            events["items"].as_array().unwrap().iter().filter_map(|event| event["level"].as_i64()).collect();
        assert_eq!(levels, [1, 2, 3]);
    }
}
