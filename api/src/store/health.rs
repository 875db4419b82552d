//! Whether the database answers and has the schema that this version knows.

use migration::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;

use super::StoreError;

/// Why the database can't serve.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Migrations are missing: run `api migrate`.
    #[error("{missing} migration(s) have not been applied; run `api migrate`")]
    Behind {
        /// How many.
        missing: usize,
    },
    /// A newer version has changed the schema.
    #[error("the schema is newer than this version: {name} is unknown")]
    Ahead {
        /// The first unknown migration.
        name: String,
    },
}

/// Checks that exactly the migrations that this version knows have been applied.
///
/// # Errors
/// The database does not answer, or its schema is older or newer.
pub async fn check(db: &impl ConnectionTrait) -> Result<(), SchemaError> {
    let applied = Migrator::get_migration_models(db).await.map_err(StoreError::from)?;
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if let Some(unknown) = applied.iter().find(|model| !known.contains(&model.version)) {
        return Err(SchemaError::Ahead { name: unknown.version.clone() });
    }
    match known.len() - applied.len() {
        0 => Ok(()),
        missing => Err(SchemaError::Behind { missing }),
    }
}

/// The newest change of the schema that this version knows.
#[must_use]
pub fn schema_version() -> String {
    Migrator::migrations().last().map(|migration| migration.name().to_owned()).unwrap_or_default()
}
