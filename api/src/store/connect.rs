//! Opens the database, and begins transactions that write.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use secrecy::ExposeSecret;

use super::StoreError;
use crate::config;

/// A transaction that may write.
pub type Transaction = DatabaseTransaction;

/// The pool of connections.
#[derive(Debug, Clone)]
pub struct Database {
    pool: DatabaseConnection,
}

impl Database {
    /// Connects.
    ///
    /// # Errors
    /// The database does not answer, or the URL is wrong.
    pub async fn connect(config: &config::Database) -> Result<Self, StoreError> {
        let mut options = ConnectOptions::new(config.url.expose_secret());
        options
            .max_connections(config.max_connections)
            .acquire_timeout(Duration::from_millis(config.acquire_timeout_ms))
            .connect_timeout(Duration::from_millis(config.acquire_timeout_ms))
            // A ping before every use doubles the round trips of a look-up; after a pause it pays.
            .test_before_acquire(false)
            .test_before_acquire_if_idle_for(Duration::from_secs(30))
            .sqlx_logging(false)
            .set_application_name("mashangjian");
        let statement_timeout = config.statement_timeout_ms.to_string();
        options.map_sqlx_postgres_opts(move |options| {
            options.options([("statement_timeout", statement_timeout.as_str()), ("timezone", "UTC")])
        });
        options.map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                // FULL: a 201 must survive a power cut; it costs little more than NORMAL here.
                .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
        });
        Ok(Self { pool: sea_orm::Database::connect(options).await? })
    }

    /// Takes a pool that a test has made.
    #[cfg(test)]
    pub(crate) fn from_pool(pool: DatabaseConnection) -> Self {
        Self { pool }
    }

    /// The pool, for reading.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.pool
    }

    /// Which of the two databases it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    /// Whether the database lives inside this process: SQLite.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// Whether several rows of several tables can be inserted by one statement.
    #[must_use]
    pub fn inserts_at_once(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    /// Begins a transaction that will write.
    ///
    /// On SQLite it takes the write lock at once: a lock taken half-way could not be waited for.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        if self.backend() == DbBackend::Sqlite {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            return Ok(self.pool.begin_with_options(options).await?);
        }
        Ok(self.pool.begin().await?)
    }

    /// Begins a transaction in which each statement is planned for the values that it has; none on SQLite,
    /// which keeps no plans by values.
    ///
    /// PostgreSQL would sooner or later take one plan for all values. For words that many cases have it is
    /// right to walk through the newest cases, and for rare ones to ask the index: one plan can't be both.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin_planned(&self) -> Result<Option<Transaction>, StoreError> {
        if self.backend() == DbBackend::Sqlite {
            return Ok(None);
        }
        let tx = self.pool.begin().await?;
        tx.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan").await?;
        Ok(Some(tx))
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// A connection does not close.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.pool.close().await?)
    }
}
