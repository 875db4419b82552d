//! What can go wrong in the database, sorted by what a caller can do about it.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failed query.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer; trying again later may help.
    #[error("the database does not answer")]
    Unavailable(#[source] DbErr),
    /// A unique key exists already.
    #[error("a unique key exists already")]
    Duplicate(#[source] DbErr),
    /// A row does not fit the rules of the service.
    #[error("{table} {id}: {problem}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
        /// What does not fit.
        problem: String,
    },
    /// Anything else.
    #[error("a query failed")]
    Other(#[source] DbErr),
}

impl StoreError {
    /// A row that does not fit the rules.
    pub fn inconsistent(table: &'static str, id: impl ToString, problem: impl ToString) -> Self {
        Self::Inconsistent { table, id: id.to_string(), problem: problem.to_string() }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Duplicate(error);
        }
        if is_unavailable(&error) { Self::Unavailable(error) } else { Self::Other(error) }
    }
}

/// Whether the connection failed rather than the query.
fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match &**error {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Protocol(_)
                | sqlx::Error::Tls(_) => true,
                // PostgreSQL: 57P* shutting down or starting, 08* connection, 53* out of resources,
                // 40* serialisation and deadlock, 55P03 and 57014 time-outs. SQLite: 5 busy.
                sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                    ["57P", "08", "53", "40", "55P03", "57014"].iter().any(|class| code.starts_with(class))
                        || code == "5"
                        || code == "517"
                        || code == "261"
                }),
                _ => false,
            }
        }
        _ => false,
    }
}
