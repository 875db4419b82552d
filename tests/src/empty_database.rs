//! A database without any schema, for tests about how the schema comes to be.

use std::path::PathBuf;

use sea_orm::DatabaseConnection;

use crate::app::{new_dir, new_name, remove_dir};
use crate::database::{DatabasePlace, TestDatabase};
use crate::settings::{Places, Settings};
use crate::{Backend, Program};

/// A database of a test's own, which the test removes.
pub struct EmptyDatabase {
    database: TestDatabase,
    dir: PathBuf,
}

impl EmptyDatabase {
    /// Makes one.
    ///
    /// # Panics
    /// The server does not answer.
    pub async fn create(backend: Backend) -> Self {
        let name = new_name();
        let dir = new_dir(&name);
        let database = TestDatabase::create_empty(&DatabasePlace::usual(backend), &name, &dir).await;
        Self { database, dir }
    }

    /// A connection.
    ///
    /// # Panics
    /// The database does not answer.
    pub async fn connect(&self) -> DatabaseConnection {
        self.database.connect().await
    }

    /// The service's program, configured for this database, without Redis and WeChat.
    ///
    /// # Panics
    /// It has not been built.
    #[must_use]
    pub fn program(&self) -> Program {
        let settings = Settings::at(&Places {
            database_url: self.database.url().to_owned(),
            redis_url: String::new(),
            redis_prefix: "msj".to_owned(),
            wechat_url: "http://127.0.0.1:9".to_owned(),
            files: self.dir.join("files").display().to_string(),
        });
        Program::new(&self.dir, &settings)
    }

    /// Removes it.
    ///
    /// # Panics
    /// The server does not answer.
    pub async fn remove(self) {
        self.database.remove().await;
        remove_dir(&self.dir);
    }
}
