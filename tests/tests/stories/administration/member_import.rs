//! Members come from a workbook: every faulty cell is named, and all are added or none.

use std::future::IntoFuture;

use domain::ids::CommitteeId;
use domain::role::Role;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::{App, Person, Request, story, workbook};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn send(app: &App, by: &Person, committee: CommitteeId, dry_run: bool, rows: &[&[&str]]) -> Request {
    let path = format!("/api/v1/committees/{committee}/members/import?dry_run={dry_run}");
    app.post(&path).bearer(&by.token).body(XLSX, workbook(rows))
}

fn cells(report: &Value, of: &str) -> Vec<String> {
    let remarks = report[of].as_array().unwrap().iter();
    remarks.map(|it| format!("{} {}", it["cell"].as_str().unwrap(), it["code"].as_str().unwrap())).collect()
}

const TITLE: &[&str] = &["青禾区政协委员名册（示例）"];
const HEADINGS: &[&str] =
    &["序号", "界别", "姓 名*", "联络站", "专长", "级别", "承接上限", "届满日期", "职务"];

story! {
    async fn a_workbook_is_tried_and_then_imported_all_at_once(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let rows: &[&[&str]] = &[
            TITLE,
            HEADINGS,
            &["1", "建设", "曾示例", "青石街道委员工作站、柳湾街道委员工作站", "物业管理", "市级", "15", "2027年1月31日", "工程师 <甲> & 乙"],
            &["2", "医药卫生", "单示例", "", "", "", "", "", ""],
            &["3"],
            &["4", "建设", "单　示 例", "柳湾街道委员工作站", "", "区", "", "2027-06-30", ""],
        ];
        let tried = send(app, &admin, district.committee, true, rows).await.expect_status(200);
        assert_eq!((&tried["dry_run"], &tried["rows"], &tried["fault_count"]), (&json!(true), &json!(3), &json!(0)), "{tried}");
        assert_eq!(tried["ignored_columns"], json!(["序号"]));
        assert_eq!(cells(&tried, "warnings"), ["C6 namesake"]);
        assert_eq!((tried["added"].clone(), app.db_count("members", None).await), (json!([]), 3));

        let key = || send(app, &admin, district.committee, false, rows).idempotency_key("import-1");
        let done = key().await;
        assert_eq!(done.expect_status(201)["added"].as_array().unwrap().len(), 3);
        assert_eq!(key().await.expect_status(201), done.json(), "the same again adds nobody");
        assert_eq!(app.db_count("members", None).await, 6);
        let found = async |q: &str| {
            app.get(&format!("/api/v1/members?q={q}")).await.expect_status(200)["items"].as_array().unwrap().clone()
        };
        let member = found("zengsl").await[0].clone();
        assert_eq!((&member["name"], &member["level"], &member["post"]), (&json!("曾示例"), &json!("city"), &json!("工程师 <甲> & 乙")));
        assert_eq!(member["stations"].as_array().unwrap().len(), 2);
        assert_eq!((found("shanshili").await.len(), found("dsl").await.len()), (2, 2));
        let log = format!("/api/v1/committees/{}/audit-entries", district.committee);
        let log = app.get(&log).bearer(&admin.token).await.expect_status(200);
        assert_eq!((&log["items"][0]["action"], &log["items"][0]["detail"]["imported"]), (&json!("import"), &json!(3)));
        assert_eq!(log["items"].as_array().unwrap().len(), 1);

        let others: &[&[&str]] = &[&["姓名", "界别"], &["丁示例", "建设"]];
        let other = send(app, &admin, district.committee, false, others).idempotency_key("import-1");
        other.await.expect_problem(422, "idempotency_key_reused");

        let again = send(app, &admin, district.committee, true, rows).await.expect_status(200);
        assert_eq!(cells(&again, "faults"), ["C3 duplicate", "C4 duplicate", "C6 duplicate"], "they are there already");
    }
}

story! {
    async fn every_faulty_cell_is_named_and_nobody_is_added(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let long = "长".repeat(61);
        let rows: &[&[&str]] = &[
            HEADINGS,
            &["1", "没有的界别", "甲示例", "没有的站、青石街道委员工作站", "物业", "村", "0", "明年", ""],
            &["2", "", "", "青石街道委员工作站", "", "", "", "", ""],
            &["3", "建设", "乙示例", "", "", "", "1.5", "2027-02-30", long.as_str()],
            &["4", "建设", "乙示例", "", "", "", "", "", ""],
            &["5", "建设", "丙示例", "", "", "", "", "", ""],
        ];
        let expected = [
            "B2 unknown", "F2 invalid", "D2 unknown", "E2 unknown", "G2 out_of_range", "H2 invalid", "C3 required",
            "B3 required", "I4 too_long", "G4 out_of_range", "H4 invalid", "C5 duplicate",
        ];
        let tried = send(app, &admin, district.committee, true, rows).await.expect_status(200);
        assert_eq!(cells(&tried, "faults"), expected);
        assert_eq!(tried["faults"][0]["detail"], "本委员会没有“没有的界别”。");
        let refused = send(app, &admin, district.committee, false, rows).await.expect_problem(422, "validation_failed");
        assert_eq!((&refused["errors"][0]["pointer"], &refused["fault_count"]), (&json!("B2"), &json!(12)));
        assert_eq!(refused["errors"].as_array().unwrap().len(), 12);
        let without: &[&[&str]] = &[&["姓名", "职务", "姓名"], &["甲示例", "工人", "甲"]];
        let tried = send(app, &admin, district.committee, true, without).await.expect_status(200);
        assert_eq!(cells(&tried, "faults"), ["C1 repeated_column", "A1 missing_column"]);
        let nobody: &[&[&str]] = &[HEADINGS];
        let tried = send(app, &admin, district.committee, true, nobody).await.expect_status(200);
        assert_eq!(cells(&tried, "faults"), ["A2 no_rows"]);
        assert_eq!(app.db_count("members", None).await, 3);
        assert_eq!(app.db_count("audit_entries", None).await, 0);
    }
}

story! {
    async fn of_imports_at_once_one_adds_and_the_others_find_its_members(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let rows: &[&[&str]] = &[&["姓名", "界别"], &["甲示例", "建设"], &["乙示例", "建设"]];
        let answers = join_all((0..4).map(|_| send(app, &admin, district.committee, false, rows).into_future())).await;
        let (added, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status() == 201);
        assert_eq!(added.len(), 1);
        for answer in refused {
            let refused = answer.expect_problem(422, "validation_failed");
            assert_eq!((&refused["fault_count"], &refused["errors"][0]["code"]), (&json!(2), &json!("duplicate")));
        }
        assert_eq!(app.db_count("members", None).await, 5);
    }
}

story! {
    async fn what_is_no_workbook_or_too_large_is_refused(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let path = format!("/api/v1/committees/{}/members/import", district.committee);
        let post = |kind: &str, body: Vec<u8>| app.post(&path).bearer(&admin.token).body(kind, body);
        let code = |problem: Value| problem["errors"][0]["code"].as_str().unwrap_or_default().to_owned();
        post("text/csv", b"a,b".to_vec()).await.expect_problem(415, "unsupported_media_type");
        post(XLSX, vec![0; 2 * 1024 * 1024 + 1]).await.expect_problem(413, "body_too_large");
        assert_eq!(code(post(XLSX, b"a,b".to_vec()).await.expect_problem(422, "validation_failed")), "unreadable");
        let no_headings = workbook(&[&["甲示例", "建设"]]);
        assert_eq!(code(post(XLSX, no_headings).await.expect_problem(422, "validation_failed")), "no_headings");
        let wide = workbook(&[&["姓名"; 41]]);
        assert_eq!(code(post(XLSX, wide).await.expect_problem(422, "validation_failed")), "too_many_columns");
        let row: &[&str] = &["甲示例", "建设"];
        let head: &[&str] = &["姓名", "界别"];
        let tall = workbook(&[&[head][..], &vec![row; 5_001]].concat());
        assert_eq!(code(post(XLSX, tall).await.expect_problem(422, "validation_failed")), "too_many_rows");

        let rows: &[&[&str]] = &[head, row];
        for (who, committee) in [(&manager, district.committee), (&admin, neighbours.committee)] {
            send(app, who, committee, false, rows).await.expect_problem(404, "not_found");
        }
        let template = format!("/api/v1/committees/{}/members/import-template", district.committee);
        app.get(&template).bearer(&manager.token).await.expect_problem(404, "not_found");
        let book = app.get(&template).bearer(&admin.token).await;
        assert_eq!((book.status(), book.header("content-type")), (200, XLSX));
        let tried = post(XLSX, book.bytes().to_vec()).await.expect_status(200);
        assert_eq!(cells(&tried, "faults"), ["A2 no_rows"], "the template is read, and is empty");
        assert_eq!(app.db_count("members", None).await, 4);
    }
}
