//! Whether this process can serve, and what runs worse than it should.

use chrono::TimeDelta;

use crate::state::AppState;
use crate::store::health::SchemaError;
use crate::store::{StoreError, health, outbox};

/// A job that is due for longer than this says that no runner keeps up.
const OUTBOX_LATE: TimeDelta = TimeDelta::minutes(5);

/// How the service is, where it can serve at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// The newest change of the schema that this version knows.
    pub schema_version: String,
    /// Whether a newer version has changed the schema since: this one is being replaced.
    pub is_outdated: bool,
    /// How long the oldest due job has waited.
    pub outbox_age: TimeDelta,
    /// Jobs that were given up and wait for the operator.
    pub dead_jobs: u64,
    /// Whether Redis answers; `None` where none is configured.
    pub redis: Option<bool>,
}

impl Readiness {
    /// It serves, but messages and deadlines come late, reads cost more than they should, or a newer
    /// version is to take over.
    #[must_use]
    pub fn is_degraded(&self) -> bool {
        self.outbox_age > OUTBOX_LATE || self.redis == Some(false) || self.is_outdated
    }
}

/// Why the service can't serve.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The database does not answer.
    #[error("the database does not answer")]
    Database(#[source] StoreError),
    /// Changes of the schema that this version needs are missing.
    #[error("the schema is too old")]
    Schema(#[source] SchemaError),
}

impl From<StoreError> for NotReady {
    fn from(error: StoreError) -> Self {
        Self::Database(error)
    }
}

/// Looks at the database, its schema, the outbox and Redis.
///
/// # Errors
/// The service can't serve.
pub async fn check(state: &AppState) -> Result<Readiness, NotReady> {
    let db = state.db.reader();
    let is_outdated = match health::check(db).await {
        Ok(()) => false,
        // Changes only expand until every process has been replaced: the old ones go on meanwhile.
        Err(SchemaError::Ahead { .. }) => true,
        Err(error @ SchemaError::Behind { .. }) => return Err(NotReady::Schema(error)),
        Err(SchemaError::Store(error)) => return Err(NotReady::Database(error)),
    };
    let now = state.clock.now();
    let backlog = outbox::backlog(db, now).await?;
    let outbox_age = backlog.oldest_due_at.map_or(TimeDelta::zero(), |due| now - due);
    let redis = state.cache.is_shared_up().await;
    let schema_version = health::schema_version();
    Ok(Readiness { schema_version, is_outdated, outbox_age, dead_jobs: backlog.dead, redis })
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::store::Job;
    use crate::store::outbox::NewJob;
    use crate::testing::bench;

    #[tokio::test]
    async fn a_late_outbox_degrades_and_does_not_stop_the_service() {
        let bench = bench().await;
        let (state, now) = (&bench.state, bench.state.clock.now());
        let new = NewJob {
            id: state.ids.next(),
            job: &Job::SweepKeys,
            run_at: now,
            dedupe_key: None,
            created_at: now,
        };
        outbox::enqueue(state.db.reader(), new).await.unwrap();
        bench.clock.advance(OUTBOX_LATE);
        assert!(!check(state).await.unwrap().is_degraded());
        bench.clock.advance(TimeDelta::seconds(1));
        let readiness = check(state).await.unwrap();
        assert!(readiness.is_degraded());
        assert_eq!(readiness.outbox_age, OUTBOX_LATE + TimeDelta::seconds(1));
    }

    #[tokio::test]
    async fn a_process_serves_on_beside_a_newer_one_that_has_changed_the_schema() {
        let bench = bench().await;
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2999_unknown', 0)";
        bench.state.db.reader().execute_unprepared(newer).await.unwrap();
        let readiness = check(&bench.state).await.unwrap();
        assert!(readiness.is_outdated && readiness.is_degraded());
    }

    #[tokio::test]
    async fn an_old_schema_and_a_closed_database_are_told_apart() {
        let bench = bench().await;
        let older = "DELETE FROM seaql_migrations";
        bench.state.db.reader().execute_unprepared(older).await.unwrap();
        assert!(matches!(check(&bench.state).await, Err(NotReady::Schema(_))));
        bench.state.db.clone().close().await.unwrap();
        assert!(matches!(check(&bench.state).await, Err(NotReady::Database(_))));
    }
}
