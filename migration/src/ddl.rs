//! Runs SQL written in PostgreSQL's type names on either database.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// PostgreSQL's name of a type, and the declaration that gives SQLite the same values: text for
/// what sqlx writes as text, blob for bytes. SQLite has one kind of index.
const SQLITE_TYPES: &[(&str, &str)] = &[
    (" timestamptz", " timestamp_with_timezone_text"),
    (" uuid", " uuid_text"),
    (" jsonb", " jsonb_text"),
    (" bytea", " blob"),
    (" date,", " date_text,"),
    (" date\n", " date_text\n"),
    (" date NOT", " date_text NOT"),
    (" date PRIMARY", " date_text PRIMARY"),
    (" date DEFAULT", " date_text DEFAULT"),
    (" double precision", " double"),
    (" USING brin", ""),
    (" tsvector", " text"),
];

/// Runs the statements in order.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    for statement in statements {
        let mut sql = (*statement).to_owned();
        if connection.get_database_backend() == DbBackend::Sqlite {
            for (postgres, sqlite) in SQLITE_TYPES {
                sql = sql.replace(postgres, sqlite);
            }
        }
        connection.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Drops the tables in order.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

/// Declares a migration by SQL: `tables!` makes tables and drops them in the order given, `changes!`
/// has statements for both ways.
macro_rules! migration {
    ($up:expr, $down:path, $undone:expr) => {
        /// This change of the schema.
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[allow(elided_lifetimes_in_paths, reason = "async_trait needs the elided form of the trait")]
        #[async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            async fn up(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $crate::ddl::run(manager, $up).await
            }

            async fn down(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $down(manager, $undone).await
            }
        }
    };
}
macro_rules! tables {
    (up: $up:expr, down: $down:expr $(,)?) => {
        $crate::ddl::migration!($up, $crate::ddl::drop_tables, $down);
    };
}
macro_rules! changes {
    (up: $up:expr, down: $down:expr $(,)?) => {
        $crate::ddl::migration!($up, $crate::ddl::run, $down);
    };
}
pub(crate) use {changes, migration, tables};
