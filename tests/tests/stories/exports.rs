//! Lists leave the service as tables: exactly what the list shows, harmless, and not unseen.

use domain::ids::CaseId;
use domain::role::Role;
use entity::case;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use tests::{App, Person, story};
use uuid::Uuid;

/// The rows of an export, without the headings.
async fn export(app: &App, by: &Person, query: &str) -> Vec<String> {
    let answer = app.get(&format!("/api/v1/cases/export?{query}")).bearer(&by.token).await;
    assert_eq!((answer.status(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    let text = String::from_utf8(answer.bytes().to_vec()).unwrap();
    assert!(text.starts_with("\u{feff}编号,状态,工作站,"), "{text}");
    text.split("\r\n").skip(1).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

story! {
    async fn a_manager_takes_out_exactly_the_list_and_it_is_logged(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let resident = app.person("resident").await;
        app.report(&district.code, "=HYPERLINK(\"http://x\") 物业乱收费", None).await;
        app.report(&district.code, "电梯,坏了", None).await;
        let elsewhere = json!({ "station_id": district.other_station, "text": "别处的事" });
        app.send_report(&elsewhere, None).await.expect_status(201);

        let rows = export(app, &manager, "view=station&sort=created").await;
        assert_eq!(rows.len(), 2);
        assert!(rows[0].contains("\"'=HYPERLINK(\"\"http://x\"\") 物业乱收费\"") && rows[0].contains("青石街道委员工作站"), "{}", rows[0]);
        assert!(rows[1].contains(",\"电梯,坏了\","), "{}", rows[1]);
        assert_eq!(export(app, &manager, "view=station&q=电梯").await.len(), 1);
        assert_eq!(export(app, &admin, "view=committee").await.len(), 3);

        for (who, view, status) in [(&resident, "mine", 403), (&resident, "station", 403), (&manager, "committee", 403)] {
            let refused = app.get(&format!("/api/v1/cases/export?view={view}")).bearer(&who.token).await;
            refused.expect_problem(status, "not_allowed");
        }
        let unknown = app.get("/api/v1/cases/export?view=station&colour=red").bearer(&manager.token).await;
        unknown.expect_problem(422, "validation_failed");
        let log = format!("/api/v1/committees/{}/audit-entries", district.committee);
        let log = app.get(&log).bearer(&admin.token).await.expect_status(200);
        let targets: Vec<_> = log["items"].as_array().unwrap().iter().map(|it| it["target"].as_str().unwrap()).collect();
        assert_eq!(targets, ["committee", "station", "station"]);
        assert!(!log.to_string().contains("电梯"), "what was searched for is not kept");
        app.run_jobs().await;
    }
}

story! {
    async fn a_long_list_goes_out_whole_and_in_order(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        app.report(&district.code, "物业乱收费", None).await;
        let one = case::Entity::find().one(app.db()).await.unwrap().unwrap();
        // As many rows as three chunks and a bit have.
        for n in 0..1_600_u32 {
            let id = CaseId(Uuid::from_u128(u128::from(n)));
            app.keep(case::Model { id, number: format!("{n:010}"), ..one.clone() }).await;
        }
        let rows = export(app, &admin, "view=committee&sort=created").await;
        let numbers: Vec<&str> = rows.iter().map(|row| row.split(',').next().unwrap()).collect();
        assert_eq!(numbers.len(), 1_601);
        let expected: Vec<String> = (0..1_600_u32).map(|n| format!("{n:010}")).collect();
        assert_eq!(numbers[..1_600], expected);
        case::Entity::delete_many().filter(case::Column::Id.ne(one.id)).exec(app.db()).await.unwrap();
        app.run_jobs().await;
    }
}

story! {
    async fn the_supervision_list_is_read_by_stage(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        app.report(&district.code, "物业乱收费", None).await;
        let count = async |query: &str| {
            let path = format!("/api/v1/cases?view=station{query}");
            let list = app.get(&path).bearer(&manager.token).await.expect_status(200);
            list["items"].as_array().unwrap().len()
        };
        assert_eq!(count("&stage=overdue&stage=red&stage=supervised").await, 0);
        assert_eq!(count("&stage=on_time").await, 1);
        app.advance(chrono::TimeDelta::days(40));
        app.run_jobs().await;
        let manager = app.staff("manager2", Role::StationManager, district.station.0).await;
        let path = "/api/v1/cases?view=station&stage=supervised";
        let list = app.get(path).bearer(&manager.token).await.expect_status(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }
}
