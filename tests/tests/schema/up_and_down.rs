//! Migrations are made, undone, and made again.

use migration::{Migrator, MigratorTrait};
use tests::{Backend, EmptyDatabase};

use crate::recorded;

async fn up_down_up(backend: Backend) {
    let database = EmptyDatabase::create(backend).await;
    let db = database.connect().await;
    Migrator::up(&db, None).await.unwrap();
    let first = recorded::everything(&db).await;
    assert!(first.len() > 50, "{first:#?}");

    // All at once…
    Migrator::down(&db, None).await.unwrap();
    let left: Vec<String> = recorded::everything(&db).await.into_iter().collect();
    assert_eq!(left, [""; 0], "what no `down` removes");
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(recorded::everything(&db).await, first);

    // …and each alone.
    for _ in Migrator::migrations() {
        Migrator::down(&db, Some(1)).await.unwrap();
    }
    assert!(recorded::everything(&db).await.is_empty());
    for _ in Migrator::migrations() {
        Migrator::up(&db, Some(1)).await.unwrap();
    }
    assert_eq!(recorded::everything(&db).await, first);
    db.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn up_down_up_leaves_the_same_schema_on_sqlite() {
    up_down_up(Backend::Sqlite).await;
}

#[tokio::test]
async fn up_down_up_leaves_the_same_schema_on_postgres() {
    up_down_up(Backend::Postgres).await;
}
