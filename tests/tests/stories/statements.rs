//! How many statements a call costs the database: each is a round trip, and most of what a call takes.
//!
//! PostgreSQL counts, in a server of the story's own: `BEGIN` and `COMMIT` too, but none that fails.

use domain::role::Role;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tests::{App, Backend, PostgresServer, Request, Setup, run_with};

/// What a call has sent to the database, one line a statement.
async fn statements(app: &App, status: u16, request: Request) -> Vec<String> {
    let ours = "dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND query NOT LIKE '%pg_stat_statements%'";
    app.db().execute_unprepared("SELECT pg_stat_statements_reset()").await.unwrap();
    request.await.expect_status(status);
    let sql = format!("SELECT calls, query FROM pg_stat_statements WHERE {ours}");
    let query = Statement::from_string(app.db().get_database_backend(), sql);
    let rows = app.db().query_all_raw(query).await.unwrap();
    let each = rows.iter().flat_map(|row| {
        let (calls, query): (i64, String) =
            (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        std::iter::repeat_n(query, usize::try_from(calls).unwrap())
    });
    each.collect()
}

/// Fails with the statements when there are more than agreed on.
async fn costs_at_most(app: &App, most: usize, what: &str, status: u16, request: Request) {
    let sent = statements(app, status, request).await;
    eprintln!("{what}: {} statements", sent.len());
    assert!(sent.len() <= most, "{what}: {} statements, at most {most}:\n{}", sent.len(), sent.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_residents_and_members_do_most_costs_few_statements() {
    let counting = [("shared_preload_libraries", "pg_stat_statements")];
    let postgres = PostgresServer::start_with(&counting).await;
    run_with(Setup::on(Backend::Postgres).postgres(&postgres), async |app| {
        app.db().execute_unprepared("CREATE EXTENSION pg_stat_statements").await.unwrap();
        let district = app.district().await;
        let resident = app.person("resident").await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let card = format!("/api/v1/codes/{}", district.code);
        for _ in 0..3 {
            app.report(&district.code, "电梯坏了", Some(&resident)).await;
        }
        let receipt = app.report(&district.code, "电梯坏了", Some(&resident)).await;
        let id = receipt["id"].as_str().unwrap();
        let case = format!("/api/v1/cases/{id}");
        for person in [&resident, &member, &manager] {
            app.case(person, &receipt).await.expect_status(200);
        }
        app.get(&card).await.expect_status(200);
        let report = |key: &str| {
            let request = app.post("/api/v1/cases").bearer(&resident.token).idempotency_key(key);
            request.json(&json!({ "code": district.code, "text": "电梯坏了" }))
        };
        let as_member = |path: &str| app.get(path).bearer(&member.token);
        let act = |by: &str, action: &str| app.post(&format!("{case}/{action}")).bearer(by);

        costs_at_most(app, 0, "a scan, seen before", 200, app.get(&card)).await;
        costs_at_most(app, 1, "a report", 201, report("a")).await;
        costs_at_most(app, 1, "the same report again", 201, report("a")).await;
        costs_at_most(app, 2, "a member's list", 200, as_member("/api/v1/cases?view=assigned")).await;
        let todo = "/api/v1/cases?view=assigned&list=todo";
        costs_at_most(app, 2, "what a member has to do", 200, as_member(todo)).await;
        let counts = "/api/v1/cases/counts?view=assigned";
        costs_at_most(app, 2, "the numbers of a member's list", 200, as_member(counts)).await;
        let queue = app.get("/api/v1/cases?view=station").bearer(&manager.token);
        costs_at_most(app, 2, "a manager's list", 200, queue).await;
        let mine = app.get("/api/v1/cases?view=mine").bearer(&resident.token);
        costs_at_most(app, 2, "a resident's list", 200, mine).await;
        let desk = app.get("/api/v1/cases/filter-counts?view=station").bearer(&manager.token);
        costs_at_most(app, 4, "the numbers of a manager's desk", 200, desk).await;
        let path = "/api/v1/cases/filter-counts?view=station&state=assigned&stage=on_time";
        let narrow = app.get(&format!("{path}&member={}", district.member)).bearer(&manager.token);
        costs_at_most(app, 7, "the same, chosen by three things", 200, narrow).await;
        costs_at_most(app, 12, "a case that its manager has open, to its member", 200, as_member(&case))
            .await;
        app.advance(chrono::TimeDelta::minutes(2));
        costs_at_most(app, 11, "a case, to its member", 200, as_member(&case)).await;
        costs_at_most(app, 10, "a case, to its resident", 200, app.get(&case).bearer(&resident.token)).await;
        costs_at_most(app, 4, "its history", 200, as_member(&format!("{case}/events"))).await;
        let accept = act(&member.token, "accept").json(&json!({}));
        costs_at_most(app, 17, "accepting", 200, accept).await;
        let answer = json!({ "text": "已修复", "evidence": "photo" });
        costs_at_most(app, 23, "answering", 200, act(&member.token, "respond").json(&answer)).await;
        let confirm = json!({ "solved": "yes", "stars": 5 });
        costs_at_most(app, 21, "confirming", 200, act(&resident.token, "confirm").json(&confirm)).await;
        let refresh = json!({ "refresh_token": resident.refresh_token });
        let refresh = app.post("/api/v1/sessions/refresh").json(&refresh);
        costs_at_most(app, 7, "a refreshed session", 201, refresh).await;
        app.run_jobs().await;
    })
    .await;
}
