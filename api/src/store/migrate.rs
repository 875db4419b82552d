//! Brings the schema up to this version, one process at a time.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend};

use super::{Database, StoreError};

/// The number of the advisory lock that migrating processes wait for; any number of ours.
const LOCK: i64 = 0x6D73_6A00;

/// Applies the missing migrations, all or none. Other processes that migrate wait meanwhile.
///
/// # Errors
/// The database does not answer, or a migration fails.
pub async fn migrate(db: &Database) -> Result<(), StoreError> {
    let transaction = db.begin().await?;
    // SQLite: `begin` has taken the write lock, which is the only one there is.
    if db.backend() == DbBackend::Postgres {
        // An index on a large table takes longer than a request's statement may; and so does the wait.
        transaction.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        // The query builder has no functions of locks.
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Migrator::up(&transaction, None).await?;
    Ok(transaction.commit().await?)
}
