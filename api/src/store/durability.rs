//! What the database itself says of its time and of how safe a commit is: for the operator's check.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};

use super::{Database, StoreError};

/// A setting on which the durability of a commit rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Whether a commit survives a power cut with it.
    pub safe: bool,
}

#[derive(Debug, FromQueryResult)]
struct TextRow {
    value: String,
}

#[derive(Debug, FromQueryResult)]
struct NumberRow {
    value: i64,
}

/// Reads the settings. Raw statements: the query builder knows no `SHOW` and no `PRAGMA`.
///
/// # Errors
/// The database does not answer.
pub async fn settings(db: &Database) -> Result<Vec<Setting>, StoreError> {
    match db.backend() {
        DbBackend::Sqlite => {
            let synchronous = sqlite_pragma(db).await?;
            // 2 is FULL, 3 is EXTRA: https://www.sqlite.org/pragma.html#pragma_synchronous
            let safe = synchronous >= 2;
            Ok(vec![Setting { name: "synchronous", value: synchronous.to_string(), safe }])
        }
        _ => {
            let mut settings = Vec::new();
            for name in ["fsync", "synchronous_commit", "full_page_writes"] {
                let value = postgres_setting(db, name).await?;
                settings.push(Setting { name, safe: value != "off", value });
            }
            Ok(settings)
        }
    }
}

async fn sqlite_pragma(db: &Database) -> Result<i64, StoreError> {
    let sql = "SELECT synchronous AS value FROM pragma_synchronous";
    let row = NumberRow::find_by_statement(Statement::from_string(db.backend(), sql));
    Ok(row.one(db.reader()).await?.map_or(0, |row| row.value))
}

async fn postgres_setting(db: &Database, name: &str) -> Result<String, StoreError> {
    let sql = "SELECT current_setting($1) AS value";
    let row = TextRow::find_by_statement(Statement::from_sql_and_values(db.backend(), sql, [name.into()]));
    Ok(row.one(db.reader()).await?.map_or_else(String::new, |row| row.value))
}

/// The database's own time. SQLite runs in this process and has none of its own: `None`.
///
/// # Errors
/// The database does not answer.
pub async fn now(db: &Database) -> Result<Option<DateTime<Utc>>, StoreError> {
    if db.backend() == DbBackend::Sqlite {
        return Ok(None);
    }
    let statement = Statement::from_string(db.backend(), "SELECT clock_timestamp()");
    let row = db.reader().query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}
