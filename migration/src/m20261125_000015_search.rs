//! The index in which cases are searched. The terms are cut by the service (`domain::search`), the same for
//! both databases; only what finds them differs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// `doc` is the number by which SQLite's index knows a case: its own row numbers don't survive a `VACUUM`.
/// PostgreSQL needs none.
const TABLE: &[&str] = &["CREATE TABLE case_search (
        case_id uuid PRIMARY KEY NOT NULL REFERENCES cases (id),
        doc bigint,
        segmenter integer NOT NULL,
        event_seq integer NOT NULL,
        terms tsvector NOT NULL
    )"];

const POSTGRES: &[&str] = &["CREATE INDEX case_search_terms ON case_search USING gin (terms)"];

/// An index over the table's own terms, which triggers keep as the table is.
const SQLITE: &[&str] = &[
    "CREATE UNIQUE INDEX case_search_doc ON case_search (doc)",
    "CREATE VIRTUAL TABLE case_words USING fts5(terms, content='case_search', content_rowid='doc',
        tokenize=\"unicode61 remove_diacritics 0 tokenchars '#@'\")",
    "CREATE TRIGGER case_search_added AFTER INSERT ON case_search BEGIN
        INSERT INTO case_words (rowid, terms) VALUES (new.doc, new.terms);
    END",
    "CREATE TRIGGER case_search_removed AFTER DELETE ON case_search BEGIN
        INSERT INTO case_words (case_words, rowid, terms) VALUES ('delete', old.doc, old.terms);
    END",
    "CREATE TRIGGER case_search_changed AFTER UPDATE OF terms ON case_search BEGIN
        INSERT INTO case_words (case_words, rowid, terms) VALUES ('delete', old.doc, old.terms);
        INSERT INTO case_words (rowid, terms) VALUES (new.doc, new.terms);
    END",
];

/// This change of the schema.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[allow(elided_lifetimes_in_paths, reason = "async_trait needs the elided form of the trait")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::ddl::run(manager, TABLE).await?;
        let is_postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        crate::ddl::run(manager, if is_postgres { POSTGRES } else { SQLITE }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_connection().get_database_backend() == DbBackend::Postgres;
        let tables: &[&str] = if is_postgres { &["case_search"] } else { &["case_words", "case_search"] };
        crate::ddl::drop_tables(manager, tables).await
    }
}
