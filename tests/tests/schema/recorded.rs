//! What a database says of its own schema.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

/// A column as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The type in the database's own word, in small letters.
    pub kind: String,
    /// Whether it may be empty.
    pub null: bool,
    /// Whether it is part of the table's key.
    pub key: bool,
}

/// The table in which the applied migrations are listed: sea-orm's own.
const MIGRATIONS: &str = "seaql_migrations";

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let query = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(query).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn text(row: &QueryResult, index: usize) -> String {
    row.try_get_by_index(index).unwrap()
}

/// Every table, index and rule, one line each, without sea-orm's own table.
pub async fn everything(db: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' '
                    || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), ''), c.relname::text
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
            UNION ALL SELECT indexdef, tablename::text FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid),
                    conrelid::regclass::text
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        }
        _ => "SELECT type || ' ' || name || ' ' || coalesce(sql, ''), tbl_name FROM sqlite_master",
    };
    let lines = rows(db, sql).await;
    lines.iter().filter(|row| text(row, 1) != MIGRATIONS).map(|row| text(row, 0)).collect()
}

/// The columns of all tables but sea-orm's own, by table and name.
pub async fn columns(db: &DatabaseConnection) -> BTreeMap<String, BTreeMap<String, Column>> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
                    EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
                        AND a.attnum = ANY (i.indkey))
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
                    AND NOT a.attisdropped"
        }
        _ => {
            // What an index of full text keeps in tables of its own is no table of ours.
            "SELECT t.name, c.name, lower(c.type), c.\"notnull\" = 0, c.pk > 0
                FROM pragma_table_list t, pragma_table_info(t.name) c
                WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
        }
    };
    let mut tables: BTreeMap<String, BTreeMap<String, Column>> = BTreeMap::new();
    for row in rows(db, sql).await {
        let column = Column {
            kind: text(&row, 2),
            null: row.try_get_by_index(3).unwrap(),
            key: row.try_get_by_index(4).unwrap(),
        };
        tables.entry(text(&row, 0)).or_default().insert(text(&row, 1), column);
    }
    tables.remove(MIGRATIONS);
    tables
}
