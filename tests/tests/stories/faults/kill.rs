//! The process is killed in the middle of its work: what was answered is there, whole, and once.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::CaseId;
use domain::role::Role;
use entity::{case, case_event, idempotency_key, message, outbox};
use futures::StreamExt;
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, IsolationLevel, QueryFilter, TransactionTrait};
use serde_json::{Value, json};
use tests::{Answer, App, District, Process, eventually, story};

const INTAKES: usize = 200;
const AT_ONCE: usize = 16;
/// The power goes after so many answers.
const ANSWERED_BEFORE: usize = 80;

fn key(n: usize) -> String {
    format!("kill-{n}")
}

async fn report(process: &Process, district: &District, n: usize) -> (usize, Option<Answer>) {
    let request = process.post("/api/v1/cases").idempotency_key(&key(n));
    let body = json!({ "code": district.member_code, "text": format!("{n} 号楼电梯坏了") });
    (n, request.json(&body).try_send().await.ok())
}

fn case_id(body: &[u8]) -> CaseId {
    let receipt: Value = serde_json::from_slice(body).unwrap();
    receipt["id"].as_str().unwrap().parse().unwrap()
}

/// Every case in the database has exactly its first event, its key, and its job or what the job did.
async fn cases_are_whole(app: &App) -> BTreeSet<CaseId> {
    // One moment for all tables: PostgreSQL may still be at what the killed process had sent.
    let repeatable = match app.db().get_database_backend() {
        DbBackend::Postgres => Some(IsolationLevel::RepeatableRead),
        _ => None,
    };
    let moment = app.db().begin_with_config(repeatable, None).await.unwrap();
    let db = &moment;
    let cases: BTreeSet<CaseId> =
        case::Entity::find().all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    let events: Vec<(CaseId, i32)> = case_event::Entity::find()
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.case_id, row.seq))
        .collect();
    assert_eq!(events.len(), cases.len());
    assert_eq!(BTreeSet::from_iter(events), cases.iter().map(|id| (*id, 1)).collect());
    let keys = idempotency_key::Entity::find().all(db).await.unwrap();
    assert_eq!(keys.len(), cases.len());
    let jobs = outbox::Entity::find().filter(outbox::Column::Kind.eq("notify_case")).all(db).await.unwrap();
    let waiting = jobs.iter().map(|job| job.payload["case_id"].as_str().unwrap().parse().unwrap());
    let told = message::Entity::find().all(db).await.unwrap().into_iter().map(|row| row.case_id);
    assert_eq!(waiting.chain(told).collect::<BTreeSet<CaseId>>(), cases, "a case without its job");
    moment.rollback().await.unwrap();
    cases
}

story! {
    async fn what_was_answered_before_a_kill_is_there_whole_and_once(app: &App) {
        let district = app.district().await;
        app.staff("colleague", Role::Member, district.colleague.0).await;
        let program = app.program().unlimited();

        // When the process is killed while sixteen residents at a time report…
        let mut process = program.serve().await;
        let mut sending =
            futures::stream::iter(0..INTAKES).map(|n| report(&process, &district, n)).buffer_unordered(AT_ONCE);
        let mut answered: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        while let Some((n, answer)) = sending.next().await {
            let Some(answer) = answer else { continue };
            answer.expect_status(201);
            answered.insert(n, answer.bytes().to_vec());
            if answered.len() == ANSWERED_BEFORE {
                process.kill();
            }
        }
        drop(sending);
        assert_eq!(process.exit_code().await, None, "a signal ended it");
        assert!((ANSWERED_BEFORE..INTAKES).contains(&answered.len()), "{}", answered.len());

        // …then every case that was promised is there, and none is there by half.
        let cases = cases_are_whole(app).await;
        assert!(answered.values().all(|body| cases.contains(&case_id(body))));
        let most = answered.len() + AT_ONCE;
        assert!(cases.len() <= most, "{} cases of {} answers", cases.len(), answered.len());

        // And after a restart everybody may try again, and gets the same answer.
        let mut process = program.serve().await;
        let again: BTreeMap<usize, Vec<u8>> = futures::stream::iter(0..INTAKES)
            .map(|n| report(&process, &district, n))
            .buffer_unordered(AT_ONCE)
            .map(|(n, answer)| {
                let answer = answer.expect("the service answers again");
                answer.expect_status(201);
                (n, answer.bytes().to_vec())
            })
            .collect()
            .await;
        for (n, body) in &answered {
            assert!(again[n] == *body, "the same answer, byte for byte");
        }
        assert_eq!(cases_are_whole(app).await, again.values().map(|body| case_id(body)).collect());
        // Whoever was killed at a job holds it for as long as the lease says; all others are done.
        let free = "kind = 'notify_case' AND leased_until IS NULL";
        eventually("the jobs go on", async || app.db_count("outbox", Some(free)).await == 0).await;
        process.terminate();
        assert_eq!(process.exit_code().await, Some(0));
    }
}
