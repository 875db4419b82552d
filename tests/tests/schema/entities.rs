//! The migrated schema is what the entities say: the same tables, columns, types, keys, and which may be
//! empty.

use std::collections::BTreeMap;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, ColumnType, DbBackend, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn};
use tests::{Backend, EmptyDatabase};

use crate::recorded::{self, Column};

type Tables = BTreeMap<String, BTreeMap<String, Column>>;

/// A table as its entity says it is.
fn declare<E: EntityTrait>(entity: E, backend: DbBackend, tables: &mut Tables) {
    let keys: Vec<String> = E::PrimaryKey::iter().map(|key| key.into_column().as_str().to_owned()).collect();
    let columns = E::Column::iter().map(|column| {
        let (name, definition) = (column.as_str().to_owned(), column.def());
        let kind = kind(definition.get_column_type(), backend).to_owned();
        let key = keys.contains(&name);
        (name, Column { kind, null: definition.is_null(), key })
    });
    let before = tables.insert(entity.table_name().to_owned(), columns.collect());
    assert!(before.is_none(), "{} has two entities", entity.table_name());
}

/// The database's own word for what sqlx reads and writes there.
fn kind(kind: &ColumnType, backend: DbBackend) -> &'static str {
    let (postgres, sqlite) = match kind {
        ColumnType::Uuid => ("uuid", "uuid_text"),
        ColumnType::String(_) | ColumnType::Text | ColumnType::Enum { .. } => ("text", "text"),
        ColumnType::SmallInteger => ("smallint", "smallint"),
        ColumnType::Integer => ("integer", "integer"),
        ColumnType::BigInteger => ("bigint", "bigint"),
        ColumnType::Double => ("double precision", "double"),
        ColumnType::Boolean => ("boolean", "boolean"),
        ColumnType::TimestampWithTimeZone => ("timestamp with time zone", "timestamp_with_timezone_text"),
        ColumnType::Date => ("date", "date_text"),
        ColumnType::VarBinary(_) | ColumnType::Blob | ColumnType::Binary(_) => ("bytea", "blob"),
        ColumnType::Json | ColumnType::JsonBinary => ("jsonb", "jsonb_text"),
        ColumnType::Custom(name) if name.to_string() == "tsvector" => ("tsvector", "text"),
        other => panic!("no column is of the type {other:?}; say here what it is called"),
    };
    if backend == DbBackend::Postgres { postgres } else { sqlite }
}

fn declared(backend: DbBackend) -> Tables {
    let mut tables = Tables::new();
    macro_rules! declare {
        ($($entity:ident),+ $(,)?) => { $(declare(entity::$entity::Entity, backend, &mut tables);)+ };
    }
    // An entity that is missing here is found: its table is in the database, and not in the list.
    declare!(
        absence,
        account_phone,
        account,
        answer_template,
        audit_entry,
        booking,
        calendar_day,
        calendar_revision,
        case,
        case_draft,
        case_event,
        case_part,
        case_search,
        case_view,
        category,
        category_sector,
        code,
        code_batch,
        code_scan,
        committee,
        committee_rule,
        content_check,
        credential,
        delivery,
        department,
        draft_upload,
        duty_shift,
        figure,
        figure_roll,
        idempotency_key,
        invitation,
        member,
        member_speciality,
        member_station,
        message,
        message_pause,
        moved_deadline,
        notice,
        outbox,
        poster_report,
        rating,
        reception_pattern,
        refresh_token,
        response,
        response_correction,
        role_binding,
        saved_view,
        second_look,
        sector,
        shift_handover,
        station,
        subscription,
        unknown_code,
        upload,
        wechat_identity,
        wechat_push,
    );
    tables
}

async fn compare(backend: Backend) {
    let database = EmptyDatabase::create(backend).await;
    let db = database.connect().await;
    Migrator::up(&db, None).await.unwrap();
    let (declared, migrated) = (declared(db.get_database_backend()), recorded::columns(&db).await);

    let tables = |of: &Tables| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(tables(&migrated), tables(&declared));
    let mut differences = Vec::new();
    for (table, columns) in &declared {
        let names = columns.keys().chain(migrated[table].keys()).collect::<std::collections::BTreeSet<_>>();
        for name in names {
            let (entity, migration) = (columns.get(name), migrated[table].get(name));
            if entity != migration {
                differences.push(format!("{table}.{name}: entity {entity:?}, migration {migration:?}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    db.close().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn the_schema_is_what_the_entities_say_on_sqlite() {
    compare(Backend::Sqlite).await;
}

#[tokio::test]
async fn the_schema_is_what_the_entities_say_on_postgres() {
    compare(Backend::Postgres).await;
}
