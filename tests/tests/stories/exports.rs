//! Lists leave the service as tables: exactly what the list shows, harmless, and not unseen.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use domain::ids::CaseId;
use domain::role::Role;
use entity::case;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use tests::{App, Backend, Person, run, story};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

/// The rows of an export, without the headings.
async fn export(app: &App, by: &Person, query: &str) -> Vec<String> {
    let answer = app.get(&format!("/api/v1/cases/export?{query}")).bearer(&by.token).await;
    assert_eq!((answer.status(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    let text = String::from_utf8(answer.bytes().to_vec()).unwrap();
    assert!(text.starts_with("\u{feff}编号,状态,工作站,"), "{text}");
    text.split("\r\n").skip(1).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The rows of an export as a workbook, as another program reads them; headings included.
async fn workbook(app: &App, by: &Person, query: &str) -> Vec<Vec<String>> {
    let answer = app.get(&format!("/api/v1/cases/export?format=xlsx&{query}")).bearer(&by.token).await;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!((answer.status(), answer.header("content-type")), (200, kind));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"cases.xlsx\"");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes().to_vec())).unwrap();
    assert_eq!(book.sheet_names(), ["第1页"]);
    assert!(book.worksheet_formula("第1页").unwrap().is_empty());
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    let sheet = book.worksheet_range("第1页").unwrap();
    sheet.rows().map(|row| row.iter().map(cell).collect()).collect()
}

story! {
    async fn a_workbook_holds_the_same_list_as_text_and_nothing_as_a_formula(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let texts = ["=HYPERLINK(\"http://x\")", "他说：<坏了> & \"没修\",\n第二行 _x000A_", "+86 物业", "路灯不亮"];
        for text in texts {
            app.report(&district.code, text, None).await;
        }
        app.run_jobs().await;
        let book = workbook(app, &manager, "view=station&sort=created").await;
        assert_eq!(book[0][..6], ["编号", "状态", "工作站", "委员", "诉求类别", "内容摘要"]);
        let shown: Vec<&str> = book[1..].iter().map(|row| row[5].as_str()).collect();
        assert_eq!(shown, texts, "to the letter");
        // Cell by cell what the other kind of table says.
        let table = app.get("/api/v1/cases/export?format=csv&view=station&sort=created").bearer(&manager.token).await;
        let text = String::from_utf8(table.bytes().to_vec()).unwrap();
        for row in &book[1..] {
            assert_eq!(row.len(), 13);
            let line = text.lines().find(|line| line.starts_with(&row[0])).unwrap();
            for cell in [&row[1], &row[2], &row[3], &row[6], &row[9], &row[10], &row[12]] {
                assert!(line.split(',').any(|other| other == cell) || row[5].contains('\n'), "{cell}: {line}");
            }
        }
        assert_eq!(workbook(app, &manager, "view=station&q=物业").await.len(), 2, "exactly the filtered list");

        let wrong = app.get("/api/v1/cases/export?view=station&format=pdf").bearer(&manager.token).await;
        wrong.expect_problem(422, "validation_failed");
        let log = format!("/api/v1/committees/{}/audit-entries", district.committee);
        let log = app.get(&log).bearer(&admin.token).await.expect_status(200);
        let formats = log["items"].as_array().unwrap().iter().filter(|it| it["detail"].to_string().contains("xlsx"));
        assert_eq!((log["items"].as_array().unwrap().len(), formats.count()), (3, 2));
        app.run_jobs().await;
    }
}

/// Resident memory of this process in KiB: now, and the most since the last [`forget_peak`].
fn memory() -> (usize, usize) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap()
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// From now on the peak is counted anew (proc_pid_clear_refs(5)).
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// Reads an answer to its end without keeping it, and says how long it was.
async fn drained(app: &App, by: &Person, path: &str) -> usize {
    let address = app.base().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        by.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut length, mut end, mut buffer) = (0, Vec::new(), vec![0; 64 * 1024]);
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        if length == 0 {
            assert!(buffer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&buffer[..read]));
        }
        if read == 0 {
            assert!(end.ends_with(b"\r\n0\r\n\r\n"), "it came whole");
            return length;
        }
        length += read;
        end.extend_from_slice(&buffer[..read]);
        end.drain(..end.len().saturating_sub(7));
    }
}

/// Tests run in processes of their own: what the service needs is what this one needs.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_rows_go_out_in_little_memory() {
    run(Backend::Postgres, async |app| {
        const ROWS: usize = 100_000;
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        app.report(&district.code, &"物业乱收费，没有人管。".repeat(20), None).await;
        // What is copied below is not searched for: nothing is to do when the story ends.
        app.run_jobs().await;
        app.crowd(ROWS - 1).await;
        app.db().execute_unprepared("ANALYZE cases").await.unwrap();
        let path = "/api/v1/cases/export?view=committee&sort=created&format=";
        for format in ["xlsx", "csv"] {
            forget_peak();
            let (before, _) = memory();
            let sent = drained(app, &admin, &format!("{path}{format}")).await;
            let (_, peak) = memory();
            let needed = peak.saturating_sub(before);
            eprintln!("{format}: {} KiB sent, {needed} KiB needed", sent / 1024);
            assert!(needed < 24 * 1024, "{format}: {needed} KiB");
            assert!(sent > ROWS * 40, "{format}: {sent} bytes");
        }
        let answer = app.get(&format!("{path}xlsx")).bearer(&admin.token).await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes().to_vec())).unwrap();
        assert_eq!(book.worksheet_range("第1页").unwrap().height(), ROWS + 1);
    })
    .await;
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

        app.run_jobs().await;
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
