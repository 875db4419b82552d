//! Cases are found by their words, numbers, places, answers and the names of those who work on them; by
//! those who may see them, and by nobody else.

use chrono::TimeDelta;
use domain::role::Role;
use domain::search::SEGMENTER;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use tests::{App, Backend, Person, PostgresServer, Setup, run_with, story};
use uuid::Uuid;

/// The first characters of what is found, newest first.
async fn found(app: &App, by: &Person, view: &str, q: &str) -> String {
    let path = format!("/api/v1/cases?view={view}&q={q}");
    let page = app.get(&path).bearer(&by.token).await.expect_status(200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["excerpt"].as_str().unwrap().chars().next().unwrap()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

story! {
    async fn a_case_is_found_by_what_stands_in_it_and_about_it(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let place = json!({ "lat": 31.5, "lng": 104.5, "name": "古槐里小区北门", "address": "望江路18号" });
        let body = json!({
            "code": district.code, "text": "甲 物业不修电梯，Lift停运３天", "member_id": district.member, "location": place,
        });
        let first = app.send_report(&body, None).await.expect_status(201);
        let second = app.report(&district.member_code, "乙 路灯不亮，影响出行", None).await;
        assert_eq!(found(app, &manager, "station", text(&first["number"])).await, "甲", "by its number at once");
        app.run_jobs().await;
        app.act(&member, &first, "accept", &json!({})).await.expect_status(200);
        let answer = json!({ "text": "已约谈维保公司，周五更换曳引机。", "evidence": "visit" });
        app.act(&member, &first, "respond", &answer).await.expect_status(200);
        app.run_jobs().await;
        let number = text(&first["number"]);
        let spoken = format!("{}-{}-{}", &number[..3], &number[3..7], &number[7..]);
        for (q, expected) in [
            ("电梯", "甲"), ("不", "乙甲"), ("梯", "甲"), ("不修电梯", "甲"), ("修电", "甲"), ("lift", "甲"), ("LIFT", "甲"),
            ("3", "甲"), ("电梯 路灯", ""), ("电梯 停运", "甲"), ("古槐里", "甲"), ("望江路18号", "甲"), ("北门 电梯", "甲"),
            ("曳引机", "甲"), ("维保 lift", "甲"), (&number[..3], "甲"), (&number[2..8], "甲"), (&number[7..], "甲"),
            (number, "甲"), (&spoken, "甲"), ("甲青山", "甲"), ("青山", "甲"), ("jqs", "甲"), ("jiaqingshan", "甲"), ("yly", "乙"),
            ("物业管理", "甲"), ("青石街道", "乙甲"), ("青石街道 路灯", "乙"), ("lif", ""), ("公交", ""), ("？！", ""),
            ("%25", ""), ("_", ""), ("' OR 1=1", ""), ("\" * ) OR (", ""),
        ] {
            assert_eq!(found(app, &manager, "station", q).await, expected, "{q}");
        }
        assert_eq!(found(app, &manager, "station", "电梯&state=assigned").await, "", "with all other filters");
        assert_eq!(found(app, &manager, "station", "不&sort=created").await, "甲乙");
        for q in ["一 二 三 四 五 六 七 八 九", &"长".repeat(61)] {
            let refused = app.get(&format!("/api/v1/cases?view=station&q={q}")).bearer(&manager.token).await;
            assert_eq!(refused.expect_problem(422, "validation_failed")["errors"][0]["pointer"], "q");
        }
        assert_eq!(found(app, &manager, "station", text(&second["case_ticket"])).await, "", "a ticket opens, and finds nothing");
    }
}

story! {
    async fn nobody_finds_what_he_may_not_see(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let elsewhere = app.staff("elsewhere", Role::StationManager, district.other_station.0).await;
        let foreign = app.staff("foreign", Role::CommitteeAdmin, neighbours.committee.0).await;
        let (resident, other) = (app.person("resident").await, app.person("other").await);
        let body = json!({
            "code": district.code, "text": "丁 井盖松动",
            "contact": { "name": "某居民示例", "phone": "19900000001" }, "member_id": district.member,
        });
        let receipt = app.send_report(&body, Some(&resident)).await.expect_status(201);
        app.report(&district.code, "戊 井盖缺失", Some(&other)).await;
        app.run_jobs().await;
        let note = json!({ "text": "此人多次来访" });
        app.act(&manager, &receipt, "note", &note).await.expect_status(200);
        app.run_jobs().await;
        assert_eq!(found(app, &manager, "station", "井盖").await, "戊丁");
        assert_eq!(found(app, &resident, "mine", "井盖").await, "丁");
        assert_eq!(found(app, &other, "mine", "松动").await, "");
        assert_eq!(found(app, &elsewhere, "station", "井盖").await, "");
        assert_eq!(found(app, &foreign, "committee", "井盖").await, "");
        assert_eq!(found(app, &foreign, "committee", text(&receipt["number"])).await, "");
        for sealed in ["某居民示例", "19900000001", "1990000"] {
            assert_eq!(found(app, &manager, "station", sealed).await, "", "{sealed}: sealed at rest, so not in the index");
        }
        for person in [&manager, &resident] {
            let view = if person.account_id == manager.account_id { "station" } else { "mine" };
            assert_eq!(found(app, person, view, "多次来访").await, "", "what the resident does not read finds nothing");
        }
    }
}

story! {
    async fn the_index_comes_up_to_date_by_itself_and_twice_is_once(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let receipt = app.report(&district.code, "己 井盖松动", None).await;
        app.copy_case(&receipt, 3).await;
        app.run_jobs().await;
        assert_eq!(found(app, &admin, "committee", "井盖").await, "己己己己", "the first sweep takes in what no job told of");
        // Nothing to do: nothing is written.
        app.run_sql("UPDATE case_search SET event_seq = event_seq + 7", []).await;
        app.advance(TimeDelta::hours(1));
        let admin = app.person("admin").await;
        app.run_jobs().await;
        assert_eq!(app.db_count("case_search", Some("event_seq > 7")).await, 4);
        // Another way of cutting, or a lost entry: it is made again.
        app.run_sql("UPDATE case_search SET segmenter = 0", []).await;
        app.run_sql("DELETE FROM case_search WHERE case_id = (SELECT case_id FROM case_search ORDER BY case_id LIMIT 1)", []).await;
        assert_eq!(found(app, &admin, "committee", "井盖").await, "己己己");
        app.advance(TimeDelta::hours(1));
        let admin = app.person("admin").await;
        app.run_jobs().await;
        assert_eq!(app.db_count("case_search", Some(&format!("segmenter = {SEGMENTER} AND event_seq < 7"))).await, 4);
        assert_eq!(found(app, &admin, "committee", "井盖 松动").await, "己己己己");
    }
}

story! {
    async fn names_that_were_spelled_otherwise_are_spelled_anew(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        app.run_sql("UPDATE members SET name = '曾示例', name_pinyin = 'cengshili', name_initials = 'csl' WHERE id = $1", [district.member.0.into()]).await;
        let body = json!({ "code": district.code, "text": "辛 井盖松动", "member_id": district.member });
        app.send_report(&body, None).await.expect_status(201);
        let members = async |q: &str| {
            let page = app.get(&format!("/api/v1/members?q={q}")).await.expect_status(200);
            page["items"].as_array().unwrap().iter().map(|member| member["name"].clone()).collect::<Vec<_>>()
        };
        assert!(members("zengsl").await.is_empty());
        assert_eq!(found(app, &manager, "station", "zengsl").await, "");
        app.run_jobs().await;
        for typed in ["zengsl", "zeng", "ZSL", "csl", "曾示"] {
            assert_eq!(members(typed).await, ["曾示例"], "{typed}");
            assert_eq!(found(app, &manager, "station", typed).await, "辛", "{typed}");
        }
    }
}

story! {
    async fn a_station_is_searched_back_through_the_years(app: &App) {
        let district = app.district().await;
        app.staff("manager", Role::StationManager, district.station.0).await;
        for (weeks, texts) in [(0, &["甲", "乙", "丙"][..]), (90, &["丁"]), (30, &["戊", "己"]), (6, &["庚"]), (2, &["辛", "壬"])] {
            app.advance(TimeDelta::weeks(weeks));
            for text in texts {
                app.report(&district.code, &format!("{text} 井盖松动"), None).await;
            }
            app.run_jobs().await;
        }
        let manager = app.person("manager").await;
        assert_eq!(found(app, &manager, "station", "井盖").await, "壬辛庚己戊丁丙乙甲");
        for limit in 1..=9 {
            let (mut all, mut cursor) = (String::new(), String::new());
            loop {
                let path = format!("/api/v1/cases?view=station&q=井盖&limit={limit}{cursor}");
                let page = app.get(&path).bearer(&manager.token).await.expect_status(200);
                let items = page["items"].as_array().unwrap();
                all.extend(items.iter().map(|item| item["excerpt"].as_str().unwrap().chars().next().unwrap()));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(all, "壬辛庚己戊丁丙乙甲", "in pages of {limit}");
        }
    }
}

/// Twenty thousand older cases beside this one, one every half an hour, half of them at its station, of which five hundred hold the same words.
const CROWD: &str = "INSERT INTO cases (id, number, committee_id, state, version, event_seq, station_id, text,
        anonymous, ticket_hash, routing, respond_by, stopped_total_s, waited_total_s, returns, objections, stage,
        escalation_level, created_at, updated_at)
    SELECT (lpad(to_hex((extract(epoch FROM created_at - n * interval '30 minutes') * 1000)::bigint), 12, '0') || '7'
            || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid, 'x' || n, committee_id, 'received', 1, 1,
        CASE WHEN n % 2 = 0 THEN station_id ELSE $2 END, text, anonymous, ticket_hash, routing, respond_by, 0, 0, 0,
        0, stage, 0, created_at - n * interval '30 minutes', updated_at
    FROM cases, generate_series(1, 20000) n WHERE cases.id = $1";
const CROWD_TERMS: &str = "INSERT INTO case_search (case_id, segmenter, event_seq, terms)
    SELECT id, $1, 1, array_to_tsvector(ARRAY['路灯', '灯', 'w' || substr(number, 2)::integer % 40,
        '@' || replace(station_id::text, '-', '') || '@' || floor(extract(epoch FROM created_at) / 604800)])
    FROM cases WHERE number LIKE 'x%'";

/// How many blocks of 8 KiB one search by these words touches, on the average of ten.
async fn blocks(app: &App, by: &Person, q: &str) -> i64 {
    app.db().execute_unprepared("SELECT pg_stat_statements_reset()").await.unwrap();
    for _ in 0..10 {
        found(app, by, "station", q).await;
    }
    let sql = "SELECT (sum(shared_blks_hit + shared_blks_read) / 10)::bigint FROM pg_stat_statements
        WHERE query LIKE '%case_search% WHERE %terms @@%LIMIT%' AND query NOT LIKE '%pg_stat_statements%'";
    let row = app.db().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    let touched = row.unwrap().try_get_by_index(0).unwrap();
    eprintln!("{q}: {touched} blocks");
    touched
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_in_a_crowd_goes_by_the_index() {
    let postgres = PostgresServer::start_with(&[("shared_preload_libraries", "pg_stat_statements")]).await;
    run_with(Setup::on(Backend::Postgres).postgres(&postgres), async |app| {
        app.db().execute_unprepared("CREATE EXTENSION pg_stat_statements").await.unwrap();
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let receipt = app.report(&district.code, "庚 井盖松动", None).await;
        let id: Uuid = text(&receipt["id"]).parse().unwrap();
        app.run_sql(CROWD, [id.into(), district.other_station.0.into()]).await;
        app.run_sql(CROWD_TERMS, [SEGMENTER.into()]).await;
        app.run_jobs().await;
        app.db().execute_unprepared("VACUUM ANALYZE").await.unwrap();
        assert_eq!(found(app, &manager, "station", "井盖").await, "庚");
        assert_eq!(
            found(app, &manager, "station", "路灯 w7&limit=100").await.chars().count(),
            0,
            "odd ones are elsewhere"
        );
        assert_eq!(found(app, &manager, "station", "路灯 w8&limit=100").await.chars().count(), 100);
        // Common words first: a plan that is made for them is a bad one for rare words.
        for (q, most) in [("路灯", 200), ("路灯 w8", 300), ("井盖", 400), ("井盖 松动", 400), ("不存在", 400)]
        {
            let touched = blocks(app, &manager, q).await;
            assert!(touched <= most, "{q}: {touched} blocks, at most {most}");
        }
    })
    .await;
}
