//! Stories of the outbox and its runner.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use domain::ids::CaseId;
use futures::FutureExt;
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::handle::{Handler, LEASE, ensure_periodic};
use super::run_due::drain;
use super::{Job, JobError, MAX_ATTEMPTS, RunReport, Runner, delay_after};
use crate::state::AppState;
use crate::store::outbox::{self, Claimed, NewJob};
use crate::testing::{Bench, bench};

/// The words of the jobs that come again by themselves.
const PERIODIC: [&str; 9] = [
    "plan_reception_days",
    "roll_figures",
    "sweep_content",
    "sweep_keys",
    "sweep_messages",
    "sweep_search",
    "sweep_uploads",
    "tick_cases",
    "verify_figures",
];

fn notify(seq: i32) -> Job {
    Job::NotifyCase { case_id: CaseId(Uuid::from_u128(1)), seq }
}

async fn enqueue(bench: &Bench, job: &Job, key: Option<&str>) -> bool {
    let now = bench.state.clock.now();
    let new = NewJob { id: bench.state.ids.next(), job, run_at: now, dedupe_key: key, created_at: now };
    outbox::enqueue(bench.state.db.reader(), new).await.unwrap()
}

async fn claim(bench: &Bench, limit: u64) -> Vec<Claimed> {
    let Bench { state, .. } = bench;
    outbox::claim(&state.db, state.clock.now(), state.ids.next(), LEASE, limit).await.unwrap()
}

async fn pending(bench: &Bench) -> Vec<String> {
    outbox::list_pending_kinds(bench.state.db.reader()).await.unwrap()
}

fn handler(work: fn(AppState, Job) -> Result<(), JobError>) -> Handler {
    Arc::new(move |state, job| async move { work(state, job) }.boxed())
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_leaves_no_job() {
    let bench = bench().await;
    let now = bench.state.clock.now();
    let transaction = bench.state.db.begin().await.unwrap();
    let job = notify(1);
    let new =
        NewJob { id: bench.state.ids.next(), job: &job, run_at: now, dedupe_key: None, created_at: now };
    assert!(outbox::enqueue(&transaction, new).await.unwrap());
    transaction.rollback().await.unwrap();
    assert!(pending(&bench).await.is_empty());
}

#[tokio::test]
async fn while_one_waits_no_second_one_of_the_same_key_is_added() {
    let bench = bench().await;
    assert!(enqueue(&bench, &notify(1), Some("k")).await);
    assert!(!enqueue(&bench, &notify(1), Some("k")).await);
    assert!(enqueue(&bench, &notify(2), None).await);
    assert!(enqueue(&bench, &notify(2), None).await);
    assert_eq!(pending(&bench).await.len(), 3);
}

#[tokio::test]
async fn a_job_is_nobody_elses_until_its_lease_expires() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), None).await;
    assert_eq!(claim(&bench, 9).await[0].attempts, 1);
    assert!(claim(&bench, 9).await.is_empty());
    bench.clock.advance(LEASE);
    assert_eq!(claim(&bench, 9).await[0].attempts, 2);
}

#[tokio::test]
async fn whoever_comes_back_after_his_lease_changes_nothing() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), None).await;
    let late = claim(&bench, 1).await.remove(0).lease;
    bench.clock.advance(LEASE);
    let current = claim(&bench, 1).await.remove(0).lease;
    let (db, now) = (bench.state.db.reader(), bench.state.clock.now());
    assert!(!outbox::complete(db, late).await.unwrap());
    assert!(!outbox::retry(db, late, now, "late").await.unwrap());
    assert!(!outbox::bury(db, late, "late").await.unwrap());
    assert_eq!(pending(&bench).await, ["notify_case"]);
    assert!(outbox::complete(db, current).await.unwrap());
}

#[tokio::test]
async fn a_job_that_always_fails_is_tried_less_and_less_often_and_then_waits_for_the_operator() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), None).await;
    let failing = handler(|_, _| Err(JobError::retry("no luck")));
    for attempt in 1..MAX_ATTEMPTS {
        let report = drain(&bench.state, &failing).await.unwrap();
        assert_eq!(report, RunReport { retried: 1, ..RunReport::default() });
        bench.clock.advance(delay_after(attempt).unwrap() - TimeDelta::seconds(1));
        assert_eq!(drain(&bench.state, &failing).await.unwrap(), RunReport::default(), "not before its time");
        bench.clock.advance(TimeDelta::seconds(1));
    }
    assert_eq!(drain(&bench.state, &failing).await.unwrap(), RunReport { dead: 1, ..RunReport::default() });
    let dead = outbox::list_dead(bench.state.db.reader(), 9).await.unwrap();
    assert_eq!((dead[0].attempts, dead[0].last_error.as_deref()), (MAX_ATTEMPTS, Some("no luck")));

    let sent = outbox::resend(bench.state.db.reader(), Some(dead[0].id), bench.state.clock.now()).await;
    assert_eq!(sent.unwrap(), 1);
    assert_eq!(drain(&bench.state, &handler(|_, _| Ok(()))).await.unwrap().done, 1);
}

#[tokio::test]
async fn a_job_that_cannot_succeed_is_given_up_at_once_and_frees_its_key() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), Some("k")).await;
    let hopeless = handler(|_, _| Err(JobError::fail("never")));
    assert_eq!(drain(&bench.state, &hopeless).await.unwrap().dead, 1);
    assert!(enqueue(&bench, &notify(1), Some("k")).await);
}

#[tokio::test]
async fn a_panic_costs_one_try() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), None).await;
    let panicking = handler(|_, _| panic!("on purpose"));
    assert_eq!(drain(&bench.state, &panicking).await.unwrap().retried, 1);
    assert_eq!(pending(&bench).await, ["notify_case"]);
}

#[tokio::test]
async fn jobs_that_jobs_add_are_drained_too() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), None).await;
    let chain: Handler = Arc::new(|state: AppState, job| {
        async move {
            if let Job::NotifyCase { seq, .. } = job
                && seq < 5
            {
                let (job, now) = (notify(seq + 1), state.clock.now());
                let id = state.ids.next();
                let new = NewJob { id, job: &job, run_at: now, dedupe_key: None, created_at: now };
                outbox::enqueue(state.db.reader(), new).await?;
            }
            Ok(())
        }
        .boxed()
    });
    assert_eq!(drain(&bench.state, &chain).await.unwrap().done, 5);
    assert!(pending(&bench).await.is_empty());
}

#[tokio::test]
async fn a_periodic_job_comes_again_after_its_period_also_when_it_fails() {
    let bench = bench().await;
    let Bench { state, clock, .. } = &bench;
    ensure_periodic(&state.db, &state.ids, state.clock.now()).await.unwrap();
    ensure_periodic(&state.db, &state.ids, state.clock.now()).await.unwrap();
    assert_eq!(pending(&bench).await, PERIODIC);
    assert_eq!(drain(state, &handler(|_, _| Ok(()))).await.unwrap().done, 9);
    assert_eq!(drain(state, &handler(|_, _| Ok(()))).await.unwrap(), RunReport::default());
    clock.advance(TimeDelta::seconds(30));
    assert_eq!(drain(state, &handler(|_, _| Err(JobError::fail("down")))).await.unwrap().retried, 2);
    clock.advance(TimeDelta::seconds(30));
    assert_eq!(drain(state, &handler(|_, _| Ok(()))).await.unwrap().done, 4, "and the figures and checks");
    assert_eq!(pending(&bench).await.len(), PERIODIC.len());
}

#[tokio::test]
async fn two_runners_run_each_periodic_job_once() {
    let bench = bench().await;
    let runs = Arc::new(AtomicU32::new(0));
    let all_ran = Arc::new(Notify::new());
    let counting: Handler = {
        let (runs, all_ran) = (runs.clone(), all_ran.clone());
        Arc::new(move |_, _| {
            if runs.fetch_add(1, Ordering::SeqCst) + 1 == 9 {
                all_ran.notify_one();
            }
            std::future::ready(Ok(())).boxed()
        })
    };
    let stop = CancellationToken::new();
    let runner = || Runner::with_handler(bench.state.clone(), counting.clone()).run(stop.clone());
    let runners = [tokio::spawn(runner()), tokio::spawn(runner())];
    all_ran.notified().await;
    stop.cancel();
    for runner in runners {
        runner.await.unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 9);
    assert_eq!(pending(&bench).await, PERIODIC);
}

#[tokio::test]
async fn a_runner_that_is_told_to_stop_finishes_what_it_has_begun() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), None).await;
    let (started, has_started) = oneshot::channel();
    let started = Arc::new(std::sync::Mutex::new(Some(started)));
    let go_on = Arc::new(Notify::new());
    let slow: Handler = {
        let go_on = go_on.clone();
        Arc::new(move |_, job| {
            let (started, go_on) = (started.clone(), go_on.clone());
            async move {
                if matches!(job, Job::NotifyCase { .. }) {
                    started.lock().unwrap().take().unwrap().send(()).unwrap();
                    go_on.notified().await;
                }
                Ok(())
            }
            .boxed()
        })
    };
    let stop = CancellationToken::new();
    let running = tokio::spawn(Runner::with_handler(bench.state.clone(), slow).run(stop.clone()));
    has_started.await.unwrap();
    stop.cancel();
    go_on.notify_one();
    running.await.unwrap();
    assert!(!pending(&bench).await.contains(&"notify_case".to_owned()));
}

#[tokio::test]
async fn a_job_of_a_newer_version_is_left_for_it() {
    let bench = bench().await;
    enqueue(&bench, &notify(1), None).await;
    sea_orm::ConnectionTrait::execute_unprepared(
        bench.state.db.reader(),
        "UPDATE outbox SET kind = 'print_poster'",
    )
    .await
    .unwrap();
    assert_eq!(drain(&bench.state, &handler(|_, _| Ok(()))).await.unwrap().retried, 1);
    assert_eq!(pending(&bench).await, ["print_poster"]);
}
