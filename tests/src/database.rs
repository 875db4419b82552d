//! An application's own database: a copy of a migrated template, gone when the story ends.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use aws_lc_rs::digest;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement};
use url::Url;

use crate::backend::postgres_url;
use crate::{Backend, postgres, sqlite};

/// Where databases are made.
#[derive(Debug, Clone)]
pub(crate) enum DatabasePlace {
    /// In the story's folder.
    Sqlite,
    /// On the PostgreSQL server with this maintenance database.
    Postgres(Url),
}

impl DatabasePlace {
    /// Where stories have theirs.
    pub(crate) fn usual(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::Sqlite,
            Backend::Postgres => Self::Postgres(postgres_url()),
        }
    }
}

/// A database of one application.
pub(crate) struct TestDatabase {
    /// The PostgreSQL server that it is on.
    server: Option<Url>,
    name: String,
    url: String,
}

impl TestDatabase {
    /// Copies the template.
    pub(crate) async fn create(place: &DatabasePlace, name: &str, dir: &Path) -> Self {
        let url = match place {
            DatabasePlace::Sqlite => sqlite::create(dir).await,
            DatabasePlace::Postgres(server) => postgres::create(server, name).await,
        };
        Self::at(place, name, url)
    }

    /// Makes one without any schema.
    pub(crate) async fn create_empty(place: &DatabasePlace, name: &str, dir: &Path) -> Self {
        let url = match place {
            DatabasePlace::Sqlite => sqlite::create_empty(dir),
            DatabasePlace::Postgres(server) => postgres::create_empty(server, name).await,
        };
        Self::at(place, name, url)
    }

    fn at(place: &DatabasePlace, name: &str, url: String) -> Self {
        let server = match place {
            DatabasePlace::Sqlite => None,
            DatabasePlace::Postgres(server) => Some(server.clone()),
        };
        Self { server, name: name.to_owned(), url }
    }

    /// Where it is, as the service's configuration has it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A connection beside the application's own.
    pub(crate) async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// Removes it. SQLite's is a file in the story's folder, which goes as a whole.
    pub(crate) async fn remove(self) {
        if let Some(server) = &self.server {
            postgres::remove(server, &self.name).await;
        }
    }
}

/// One connection.
pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let connected = sea_orm::Database::connect(options).await;
    connected.unwrap_or_else(|error| panic!("connecting to {url}: {error}"))
}

/// The one number that a query gives.
pub(crate) async fn count(db: &DatabaseConnection, query: Statement) -> i64 {
    let sql = query.sql.clone();
    let row = db.query_one_raw(query).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let row = row.unwrap_or_else(|| panic!("{sql}: no row"));
    row.try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Names a template after the text of the migrations, so that an old one is never taken for a new one.
pub(crate) static SCHEMA_HASH: LazyLock<String> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migration/src");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut context = digest::Context::new(&digest::SHA256);
    for file in files {
        let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        context.update(&text);
    }
    context.finish().as_ref().iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
});
