//! PostgreSQL databases of stories: clones of a migrated template, made once a server.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use url::Url;

use crate::database::{SCHEMA_HASH, connect, count};

/// The key of the advisory lock under which one process makes the template and the others wait.
const TEMPLATE_LOCK: i64 = 0x6d73_6a74;

/// Clones the template of a server as `name`, and gives the clone's URL.
pub(crate) async fn create(at: &Url, name: &str) -> String {
    let server = connect(at.as_str()).await;
    let template = template(at, &server).await;
    create_from(at, &server, name, &template).await
}

/// Makes a database without any schema as `name`, and gives its URL.
pub(crate) async fn create_empty(at: &Url, name: &str) -> String {
    let server = connect(at.as_str()).await;
    create_from(at, &server, name, "template0").await
}

async fn create_from(at: &Url, server: &DatabaseConnection, name: &str, template: &str) -> String {
    // A process that was killed may have left one of the same name.
    execute(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    execute(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    close(server.clone()).await;
    url_of(at, name)
}

/// Removes a clone, with whoever is still connected.
pub(crate) async fn remove(at: &Url, name: &str) {
    let server = connect(at.as_str()).await;
    execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    close(server).await;
}

/// The template's name; makes it when it is not there.
async fn template(at: &Url, server: &DatabaseConnection) -> String {
    let name = format!("template_{}", *SCHEMA_HASH);
    // The lock belongs to the session: `connect` opens one connection only.
    execute(server, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let exists = Statement::from_string(
        DbBackend::Postgres,
        format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"),
    );
    if count(server, exists).await == 0 {
        let building = format!("{name}_building");
        execute(server, &format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)")).await;
        execute(server, &format!("CREATE DATABASE {building}")).await;
        let db = connect(&url_of(at, &building)).await;
        Migrator::up(&db, None).await.unwrap_or_else(|error| panic!("migrating PostgreSQL: {error}"));
        close(db).await;
        // Nobody may connect: a database in use cannot be cloned, and autovacuum is a user too.
        execute(server, &format!("ALTER DATABASE {building} ALLOW_CONNECTIONS false")).await;
        execute(server, &format!("ALTER DATABASE {building} RENAME TO {name}")).await;
    }
    execute(server, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

fn url_of(at: &Url, database: &str) -> String {
    let mut url = at.clone();
    url.set_path(database);
    url.into()
}

async fn execute(server: &DatabaseConnection, sql: &str) {
    server.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn close(db: DatabaseConnection) {
    db.close().await.unwrap_or_else(|error| panic!("closing a connection: {error}"));
}
