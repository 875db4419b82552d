//! `migrate`, and `serve` on a schema that is not its own.

use std::process::Output;

use migration::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;
use tests::{Backend, EmptyDatabase, Program};

use crate::recorded;

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn refuses(program: &Program, words: &str) {
    let output = program.run(&["serve"]);
    assert!(!output.status.success(), "{}", said(&output));
    assert!(said(&output).contains(words), "{}", said(&output));
}

const NEWER: &str = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2999_posters', 0)";

#[tokio::test]
async fn on_postgres_serve_refuses_an_old_schema_and_a_new_one() {
    let database = EmptyDatabase::create(Backend::Postgres).await;
    let (program, db) = (database.program(), database.connect().await);
    let all = Migrator::migrations().len();

    refuses(&program, &format!("{all} migration(s) have not been applied; run `api migrate`"));
    Migrator::up(&db, Some(u32::try_from(all).unwrap() - 1)).await.unwrap();
    refuses(&program, "1 migration(s) have not been applied; run `api migrate`");

    let migrated = program.run(&["migrate"]);
    assert!(migrated.status.success(), "{}", said(&migrated));
    assert_eq!(said(&migrated), "the schema is up to date\n");
    let mut process = program.serve().await;
    process.terminate();
    assert_eq!(process.exit_code().await, Some(0));

    db.execute_unprepared(NEWER).await.unwrap();
    refuses(&program, "the schema is newer than this version: m2999_posters is unknown");
    assert!(!program.run(&["migrate"]).status.success());
    db.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn on_sqlite_serve_brings_an_old_schema_up_and_refuses_a_new_one() {
    let database = EmptyDatabase::create(Backend::Sqlite).await;
    let program = database.program();
    let mut process = program.serve().await;
    process.get("/health/ready").await.expect_status(200);
    process.terminate();
    assert_eq!(process.exit_code().await, Some(0));

    let db = database.connect().await;
    db.execute_unprepared(NEWER).await.unwrap();
    refuses(&program, "the schema is newer than this version: m2999_posters is unknown");
    assert!(!program.run(&["migrate"]).status.success());
    db.close().await.unwrap();
    database.remove().await;
}

async fn several_migrate_at_once(backend: Backend) {
    let database = EmptyDatabase::create(backend).await;
    let program = database.program();
    let migrating = (0..5).map(|_| {
        let program = program.clone();
        tokio::task::spawn_blocking(move || program.run(&["migrate"]))
    });

    for output in futures::future::join_all(migrating).await {
        let output = output.unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }

    let other = EmptyDatabase::create(backend).await;
    let (db, other_db) = (database.connect().await, other.connect().await);
    Migrator::up(&other_db, None).await.unwrap();
    assert_eq!(recorded::everything(&db).await, recorded::everything(&other_db).await);
    let applied = Migrator::get_applied_migrations(&db).await.unwrap().len();
    assert_eq!(applied, Migrator::migrations().len());
    for (database, db) in [(database, db), (other, other_db)] {
        db.close().await.unwrap();
        database.remove().await;
    }
}

#[tokio::test]
async fn several_processes_migrate_sqlite_at_once_and_all_succeed() {
    several_migrate_at_once(Backend::Sqlite).await;
}

#[tokio::test]
async fn several_processes_migrate_postgres_at_once_and_all_succeed() {
    several_migrate_at_once(Backend::Postgres).await;
}
