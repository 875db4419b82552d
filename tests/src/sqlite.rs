//! SQLite databases of stories: a migrated file, made once and copied.

use std::path::{Path, PathBuf};

use migration::{Migrator, MigratorTrait};

use crate::database::{SCHEMA_HASH, connect};

/// Puts a migrated database into the folder, and gives its URL.
pub(crate) async fn create(dir: &Path) -> String {
    let template = std::env::temp_dir().join(format!("mashangjian-template-{}.sqlite", *SCHEMA_HASH));
    if !template.exists() {
        // Built aside and moved into place: several processes may do so at once, and each move puts the
        // same file there.
        let building = dir.join("building.sqlite");
        let db = connect(&url(&building)).await;
        Migrator::up(&db, None).await.unwrap_or_else(|error| panic!("migrating SQLite: {error}"));
        db.close().await.unwrap_or_else(|error| panic!("closing the template: {error}"));
        std::fs::rename(&building, &template)
            .unwrap_or_else(|error| panic!("{}: {error}", template.display()));
    }
    let file = file(dir);
    std::fs::copy(&template, &file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    url(&file)
}

/// The URL of a database in the folder that is not there yet.
pub(crate) fn create_empty(dir: &Path) -> String {
    url(&file(dir))
}

fn file(dir: &Path) -> PathBuf {
    dir.join("story.sqlite")
}

fn url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}
