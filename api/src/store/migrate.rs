//! Brings the schema up to this version, one process at a time.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend};

use super::health::{self, SchemaError};
use super::{Database, StoreError};

/// The number of the advisory lock that migrating processes wait for; any number of ours.
const LOCK: i64 = 0x6D73_6A00;

/// Applies the missing migrations, all or none. Other processes that migrate wait meanwhile.
///
/// # Errors
/// The database does not answer, a migration fails, or a newer version has changed the schema.
pub async fn migrate(db: &Database) -> Result<(), SchemaError> {
    let transaction = db.begin().await?;
    // SQLite: `begin` has taken the write lock, which is the only one there is.
    if db.backend() == DbBackend::Postgres {
        // An index on a large table takes longer than a request's statement may; and so does the wait.
        let unlimited = "SET LOCAL statement_timeout = 0";
        transaction.execute_unprepared(unlimited).await.map_err(StoreError::from)?;
        // The query builder has no functions of locks.
        let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
        transaction.execute_unprepared(&lock).await.map_err(StoreError::from)?;
    }
    match health::check(&transaction).await {
        Ok(()) => {}
        Err(SchemaError::Behind { .. }) => {
            Migrator::up(&transaction, None).await.map_err(StoreError::from)?;
        }
        Err(error) => return Err(error),
    }
    Ok(transaction.commit().await.map_err(StoreError::from)?)
}
