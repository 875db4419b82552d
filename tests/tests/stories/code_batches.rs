//! Batches of posters: ordered, drawn part by part and across restarts, fetched, and removed after a time.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::process::Command;

use calamine::{Reader, Xlsx};
use chrono::TimeDelta;
use domain::ids::{CodeBatchId, MemberId, StationId};
use domain::role::Role;
use domain::vocabulary::{CodeKind, CodeState, Level};
use entity::{code, code_batch, committee};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{App, District, Person, eventually, story};
use zip::ZipArchive;

use crate::posters::links;

/// More codes at a station, beside those of the district; their tokens.
async fn issue(
    app: &App,
    district: &District,
    (station, member): (StationId, Option<MemberId>),
    count: u8,
) -> BTreeSet<String> {
    let mut tokens = BTreeSet::new();
    for n in 0..count {
        let token = app.state().code_keys.mint(app.state().ids.bytes()).to_string();
        app.keep(code::Model {
            id: app.state().ids.next(),
            token: token.clone(),
            committee_id: district.committee,
            kind: if member.is_some() { CodeKind::Member } else { CodeKind::Station },
            station_id: station,
            member_id: member,
            state: CodeState::Live,
            placed_at: Some(format!("{n} 号楼一层")),
            batch: Some("2026-03".to_owned()),
            scan_count: 0,
            replacement_id: None,
            revoked_reason: None,
            revoked_at: None,
            created_at: app.now(),
        })
        .await;
        tokens.insert(token);
    }
    tokens
}

async fn admin(app: &App, district: &District) -> Person {
    app.staff("admin", Role::CommitteeAdmin, district.committee.0).await
}

async fn order(app: &App, district: &District, by: &Person, wanted: &Value) -> Value {
    let path = format!("/api/v1/committees/{}/code-batches", district.committee);
    app.post(&path).bearer(&by.token).json(wanted).await.expect_status(201)
}

fn path(batch: &Value) -> String {
    format!("/api/v1/code-batches/{}", batch["id"].as_str().unwrap())
}

async fn show(app: &App, by: &Person, batch: &Value) -> Value {
    app.get(&path(batch)).bearer(&by.token).await.expect_status(200)
}

async fn fetch(app: &App, by: &Person, batch: &Value) -> Vec<u8> {
    let file = app.get(&format!("{}/file", path(batch))).bearer(&by.token).await;
    assert_eq!(file.status(), 200, "{:?}", file.json());
    let length = file.bytes().len().to_string();
    assert_eq!(file.header("content-length"), length);
    file.bytes().to_vec()
}

/// The tokens of all codes of a document, one a page, as a reader of another make draws it.
fn tokens_of_pages(app: &App, pdf: &[u8]) -> Vec<String> {
    let folder = std::env::temp_dir().join(format!(
        "batch-{}-{}",
        std::process::id(),
        app.state().ids.next::<uuid::Uuid>()
    ));
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("batch.pdf");
    std::fs::write(&file, pdf).unwrap();
    let drawn =
        Command::new("pdftoppm").args(["-r", "110", "-png"]).arg(&file).arg(folder.join("page")).status();
    assert!(drawn.unwrap().success());
    let mut pages: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "png"));
    pages.sort();
    let tokens = pages.iter().map(|page| token_of(&std::fs::read(page).unwrap())).collect();
    std::fs::remove_dir_all(&folder).unwrap();
    tokens
}

/// The token of the one code in a picture.
fn token_of(png: &[u8]) -> String {
    let links = links(png);
    assert_eq!(links.len(), 1, "{links:?}");
    links[0].rsplit('/').next().unwrap().to_owned()
}

/// Whether every one of these stands on a page of its own, and nothing else does.
fn holds_each_once(tokens: &[String], wanted: &BTreeSet<String>) {
    assert_eq!(tokens.iter().cloned().collect::<BTreeSet<_>>(), *wanted);
    assert_eq!(tokens.len(), wanted.len());
}

story! {
    async fn a_batch_goes_on_where_the_process_before_has_stopped(app: &App) {
        let district = app.district().await;
        let mut tokens = issue(app, &district, (district.station, None), 58).await;
        tokens.insert(district.code.clone());
        let admin = admin(app, &district).await;
        let wanted = json!({ "form": "pdf", "kind": "station", "paper": "a5" });
        let batch = order(app, &district, &admin, &wanted).await;
        assert_eq!((&batch["state"], &batch["total"], &batch["done"]), (&json!("waiting"), &json!(59), &json!(0)));
        app.get(&format!("{}/file", path(&batch))).bearer(&admin.token).await.expect_problem(409, "batch_not_ready");

        // A process does the first part and dies before it can end the job.
        let id: CodeBatchId = batch["id"].as_str().unwrap().parse().unwrap();
        api::service::code_batches::go_on(app.state(), id, 0).await.unwrap();
        let begun = show(app, &admin, &batch).await;
        assert_eq!(begun["state"], "drawing");
        let first = begun["done"].as_i64().unwrap();
        assert!((1..=25).contains(&first), "{begun}");
        app.get(&format!("{}/file", path(&batch))).bearer(&admin.token).await.expect_problem(409, "batch_not_ready");

        // Another one takes the same job, and those that follow.
        let other = app.another_instance().await;
        other.run_jobs().await;
        other.stop().await;
        let ready = show(app, &admin, &batch).await;
        assert_eq!((&ready["state"], &ready["total"], &ready["done"]), (&json!("ready"), &json!(59), &json!(59)));
        holds_each_once(&tokens_of_pages(app, &fetch(app, &admin, &batch).await), &tokens);
        assert_eq!(app.db_count("outbox", Some("kind = 'draw_batch'")).await, 0);
    }
}

story! {
    async fn a_batch_outlives_the_program_that_is_stopped_in_the_middle(app: &App) {
        let district = app.district().await;
        let mut tokens = issue(app, &district, (district.station, None), 80).await;
        tokens.insert(district.code.clone());
        let admin = admin(app, &district).await;
        let batch = order(app, &district, &admin, &json!({ "form": "pdf", "kind": "station", "paper": "a5" })).await;
        // The program has the machine's clock, which is far ahead of the story's.
        let program = app.program().set("storage.batch_days", "3650");
        let mut process = program.serve().await;
        let row = async || code_batch::Entity::find().one(app.db()).await.unwrap().unwrap();
        eventually("something is drawn", async || row().await.done > 0).await;
        process.terminate();
        assert_eq!(process.exit_code().await, Some(0), "{}", process.log());
        let stopped = row().await;
        assert!(stopped.done < stopped.total, "it was ready before it could be stopped");

        let mut process = program.serve().await;
        eventually("the batch is ready", async || row().await.state.as_str() == "ready").await;
        process.terminate();
        assert_eq!(process.exit_code().await, Some(0), "{}", process.log());
        assert!(row().await.part > stopped.part);
        holds_each_once(&tokens_of_pages(app, &fetch(app, &admin, &batch).await), &tokens);
    }
}

story! {
    async fn an_archive_has_a_picture_of_each_code_and_a_list_that_fits_them(app: &App) {
        let district = app.district().await;
        let mut tokens = issue(app, &district, (district.other_station, None), 3).await;
        let gone = issue(app, &district, (district.station, None), 1).await.pop_first().unwrap();
        tokens.extend([district.code.clone(), district.member_code.clone()]);
        let admin = admin(app, &district).await;
        let batch = order(app, &district, &admin, &json!({ "form": "zip-png", "dpi": 300 })).await;
        assert_eq!(batch["total"], 6);
        // What is revoked before it is drawn is left out.
        let revoke = app.post(&format!("/api/v1/codes/{gone}/revoke")).bearer(&admin.token);
        revoke.json(&json!({ "reason": "搬迁" })).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(show(app, &admin, &batch).await["total"], 5);

        let mut archive = ZipArchive::new(Cursor::new(fetch(app, &admin, &batch).await)).unwrap();
        let mut file = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file("清单.xlsx"))).unwrap();
        let sheet = book.worksheet_range("第1页").unwrap();
        let rows: Vec<Vec<String>> =
            sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(rows[0], ["文件", "码号", "链接", "类型", "工作站", "委员", "张贴位置", "制作批次", "制码时间"]);
        let mut listed = Vec::new();
        for row in &rows[1..] {
            assert_eq!(token_of(&file(&row[0])), row[1], "the picture that the list names");
            assert!(row[2].ends_with(&format!("/c/{}", row[1])), "{row:?}");
            listed.push(row[1].clone());
        }
        holds_each_once(&listed, &tokens);
        let of_member = rows.iter().find(|row| row[1] == district.member_code).unwrap();
        assert_eq!(of_member[3..6], ["委员码", "青石街道委员工作站", "乙流云"]);
        let of_station = rows.iter().find(|row| row[4] == "柳湾街道委员工作站").unwrap();
        assert_eq!((of_station[6].ends_with("号楼一层"), of_station[7].as_str()), (true, "2026-03"));
        assert_eq!(archive.len(), 6, "five pictures and the list");
    }
}

story! {
    async fn a_retry_makes_one_batch_and_a_stranger_learns_of_none(app: &App) {
        let district = app.district().await;
        let admin = admin(app, &district).await;
        let path_of = format!("/api/v1/committees/{}/code-batches", district.committee);
        let send = async || {
            let request = app.post(&path_of).bearer(&admin.token).idempotency_key("batch-1");
            request.json(&json!({ "form": "zip-pdf" })).await.expect_status(201)
        };
        let batch = send().await;
        assert_eq!(send().await, batch);
        assert_eq!(app.db_count("code_batches", None).await, 1);
        assert_eq!(app.db_count("audit_entries", Some("action = 'order_posters'")).await, 1);
        let listed = app.get(&path_of).bearer(&admin.token).await.expect_status(200);
        assert_eq!((listed["items"].as_array().unwrap().len(), &listed["next_cursor"]), (1, &Value::Null));

        let elsewhere = app.state().ids.next();
        let (name, level, created_at) = ("白杨区政协".to_owned(), Level::District, app.now());
        app.keep(committee::Model { id: elsewhere, parent_id: None, name, level, created_at }).await;
        let stranger = app.staff("stranger", Role::CommitteeAdmin, elsewhere.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        app.run_jobs().await;
        for by in [&stranger, &manager] {
            for path in [path_of.clone(), path(&batch), format!("{}/file", path(&batch))] {
                app.get(&path).bearer(&by.token).await.expect_problem(404, "not_found");
            }
            let order = app.post(&path_of).bearer(&by.token).json(&json!({ "form": "pdf" }));
            order.await.expect_problem(404, "not_found");
        }
    }
}

story! {
    async fn what_can_t_be_drawn_is_refused_and_nobody_fills_the_queue(app: &App) {
        let district = app.district().await;
        let admin = admin(app, &district).await;
        let path_of = format!("/api/v1/committees/{}/code-batches", district.committee);
        let refused = async |wanted: Value| {
            let body = app.post(&path_of).bearer(&admin.token).json(&wanted).await;
            body.expect_problem(422, "validation_failed")["errors"][0]["code"].as_str().unwrap().to_owned()
        };
        assert_eq!(refused(json!({ "form": "pdf", "template": "member-card", "kind": "station" })).await, "not_for_this_kind");
        assert_eq!(refused(json!({ "form": "pdf", "station_id": district.other_station })).await, "no_codes");
        assert_eq!(refused(json!({ "form": "zip-png", "dpi": 600 })).await, "out_of_range");
        for _ in 0..3 {
            order(app, &district, &admin, &json!({ "form": "pdf" })).await;
        }
        let fourth = app.post(&path_of).bearer(&admin.token).json(&json!({ "form": "pdf" }));
        fourth.await.expect_problem(409, "too_many_batches");
        app.run_jobs().await;
    }
}

story! {
    async fn a_batch_and_its_file_go_after_their_time(app: &App) {
        let district = app.district().await;
        let person = admin(app, &district).await;
        let batch = order(app, &district, &person, &json!({ "form": "pdf" })).await;
        app.run_jobs().await;
        assert_eq!(show(app, &person, &batch).await["state"], "ready");
        assert!(app.file_count() > 0);
        app.advance(TimeDelta::days(30) + TimeDelta::hours(1));
        app.run_jobs().await;
        let person = app.person("admin").await;
        app.get(&path(&batch)).bearer(&person.token).await.expect_problem(404, "not_found");
        assert_eq!((app.file_count(), app.db_count("code_batches", None).await), (0, 0));
    }
}

story! {
    async fn the_command_line_tells_draws_and_prints_many(app: &App) {
        let district = app.district().await;
        let folder = std::env::temp_dir().join(format!("codes-{}-{}", std::process::id(), app.state().ids.next::<uuid::Uuid>()));
        std::fs::create_dir(&folder).unwrap();
        let at = |name: &str| folder.join(name).display().to_string();
        let run = |arguments: &[&str]| {
            let output = app.program().run(arguments);
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.code(), format!("{said}{}", String::from_utf8_lossy(&output.stderr)))
        };

        for name in ["poster.png", "poster.pdf", "code.svg"] {
            let (code, said) = run(&["codes", "draw", &district.code, "--out", &at(name), "--paper", "a5"]);
            assert_eq!(code, Some(0), "{said}");
        }
        assert_eq!(token_of(&std::fs::read(at("poster.png")).unwrap()), district.code);
        let (code, said) = run(&["codes", "verify", &at("poster.png")]);
        assert!(code == Some(0) && said.contains("本系统签发，正在使用，青石街道委员工作站"), "{said}");

        let (code, said) = run(&["codes", "batch", "--committee", "青禾区政协", "--out", &at("all.zip")]);
        assert!(code == Some(0) && said.contains("已制作 2 张"), "{said}");
        let archive = ZipArchive::new(std::fs::File::open(at("all.zip")).unwrap()).unwrap();
        assert_eq!(archive.len(), 3);
        let id = district.committee.to_string();
        let (code, said) =
            run(&["codes", "batch", "--committee", &id, "--out", &at("all.pdf"), "--template", "station"]);
        assert_eq!(code, Some(0), "{said}");
        let tokens = BTreeSet::from([district.code.clone(), district.member_code.clone()]);
        holds_each_once(&tokens_of_pages(app, &std::fs::read(at("all.pdf")).unwrap()), &tokens);
        let (code, said) = run(&["codes", "batch", "--committee", "没有", "--out", &at("none.pdf")]);
        assert!(code == Some(1) && said.contains("没有这个委员会"), "{said}");

        // What is not ours, and what is ours no more.
        let forged = qr::Drawing::new("https://evil.example/c/1R3ZYW02258Z74G0", qr::Look::default()).unwrap();
        std::fs::write(at("forged.png"), forged.png(300).unwrap()).unwrap();
        let (code, said) = run(&["codes", "verify", &at("poster.png"), &at("forged.png"), "--signature-only"]);
        assert!(code == Some(1) && said.contains("不是本系统签发的二维码"), "{said}");
        let admin = admin(app, &district).await;
        let revoke = app.post(&format!("/api/v1/codes/{}/revoke", district.code)).bearer(&admin.token);
        revoke.json(&json!({ "reason": "搬迁" })).await.expect_status(200);
        let (code, said) = run(&["codes", "verify", &at("poster.png")]);
        assert!(code == Some(1) && said.contains("已停用"), "{said}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
