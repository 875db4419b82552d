//! One application under test, with everything that is its own, and the hands on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use api::clock::{Clock, ManualClock};
use api::ids::Ids;
use api::jobs::Job;
use api::startup::Application;
use api::state::AppState;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use sea_orm::{DatabaseConnection, Statement};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wechat_sim::{ClockMode, RunningSimulator, SimHandle, SimOptions, Simulator};

use crate::backend::redis_url;
use crate::database::{TestDatabase, count};
use crate::http::Request;
use crate::settings::{APPID, Places, SECRET, config};
use crate::{Backend, logs};

/// No answer takes this long unless something hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// Tells the applications of one process apart.
static SPAWNED: AtomicU32 = AtomicU32::new(0);

/// 09:30 on a Monday in Shanghai, a working day: when every story begins.
#[must_use]
pub fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_415_000, 0).expect("a time in 2026")
}

/// A running application with its own database, WeChat, clock and ids.
pub struct App {
    clock: Arc<ManualClock>,
    wechat: RunningSimulator,
    state: AppState,
    base: String,
    client: reqwest::Client,
    database: TestDatabase,
    db: DatabaseConnection,
    dir: PathBuf,
    stop: CancellationToken,
    served: JoinHandle<Result<(), String>>,
}

impl App {
    /// Spawns an application on the database that the environment asks for, else on SQLite.
    ///
    /// # Panics
    /// Something does not start.
    pub async fn spawn() -> Self {
        Self::spawn_on(Backend::chosen()).await
    }

    /// Spawns an application: on SQLite it has no Redis, on PostgreSQL it has.
    ///
    /// # Panics
    /// Something does not start.
    pub async fn spawn_on(backend: Backend) -> Self {
        // A second installation fails and changes nothing.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        logs::listen();
        let name = format!("story_{}_{}", std::process::id(), SPAWNED.fetch_add(1, Ordering::SeqCst));
        let dir = new_dir(&name);
        let database = TestDatabase::create(backend, &name, &dir).await;
        let wechat = Simulator::start(
            SimOptions { clock: ClockMode::Manual(morning()), ..SimOptions::new(APPID, SECRET) }
                .with_public_url(&"https://m.example".parse().expect("a URL"))
                .expect("a base"),
        )
        .expect("the WeChat simulator starts");
        let config = config(&Places {
            database_url: database.url().to_owned(),
            redis_url: match backend {
                Backend::Sqlite => String::new(),
                Backend::Postgres => redis_url().into(),
            },
            redis_prefix: name.replace('_', "-"),
            wechat_url: wechat.base_url(),
            files: dir.join("files").display().to_string(),
        });
        let clock = Arc::new(ManualClock::starting_at(morning()));
        let ids = Ids::seeded(clock.clone(), 1);
        let built = Application::build(config, clock.clone(), ids).await;
        let application = built.unwrap_or_else(|error| panic!("the application does not start: {error:#}"));
        let base = format!("http://127.0.0.1:{}", application.port().expect("the application listens"));
        let state = application.state();
        let stop = CancellationToken::new();
        let running = application.run(stop.clone());
        let served = tokio::spawn(async move { running.await.map_err(|error| format!("{error:#}")) });
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("an HTTP client");
        let db = database.connect().await;
        Self { clock, wechat, state, base, client, database, db, dir, stop, served }
    }

    /// The present, for the application and for WeChat.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets time pass, for the application and for WeChat.
    ///
    /// # Panics
    /// Time does not go back.
    pub fn advance(&self, by: TimeDelta) {
        self.wechat.sim().advance(by).unwrap_or_else(|error| panic!("{error}"));
        self.clock.advance(by);
    }

    /// WeChat: who logs in, what fails, what was called.
    #[must_use]
    pub fn wechat(&self) -> &SimHandle {
        self.wechat.sim()
    }

    /// The parts of the running service.
    #[must_use]
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// A POST.
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    /// A request of any method.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(&self.client, method, &self.base, path)
    }

    /// A connection to the application's database, beside its own.
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// How many rows a table has, with a condition in SQL that both databases understand, or none.
    ///
    /// # Panics
    /// The query fails.
    pub async fn db_count(&self, table: &str, condition: Option<&str>) -> i64 {
        let condition = condition.unwrap_or("1 = 1");
        self.count(format!("SELECT count(*) FROM {table} WHERE {condition}"), []).await
    }

    /// How many jobs could run now, without the periodic ones, which always come again.
    ///
    /// # Panics
    /// The query fails.
    pub async fn db_due_jobs(&self) -> i64 {
        let periodic: Vec<String> = Job::PERIODIC.iter().map(|job| format!("'{}'", job.kind())).collect();
        let sql = format!(
            "SELECT count(*) FROM outbox WHERE state = 'pending' AND run_at <= $1 AND kind NOT IN ({})",
            periodic.join(", ")
        );
        self.count(sql, [self.now().into()]).await
    }

    async fn count<const N: usize>(&self, sql: String, values: [sea_orm::Value; N]) -> i64 {
        let backend = self.db.get_database_backend();
        count(&self.db, Statement::from_sql_and_values(backend, sql, values)).await
    }

    /// Runs every job that is due, and those that follow from them.
    ///
    /// # Panics
    /// The queue can't be read.
    pub async fn run_jobs(&self) {
        let ran = api::jobs::run_due(&self.state).await;
        ran.unwrap_or_else(|error| panic!("running jobs: {error}"));
    }

    /// The errors that were logged since the last call. A story about a failure takes the errors that it
    /// expects; any other is a failure of the story.
    #[must_use]
    pub fn take_errors(&self) -> Vec<String> {
        logs::take_errors()
    }

    /// What a story may not leave behind, one line each: due or dead jobs, logged errors.
    ///
    /// # Panics
    /// The database does not answer.
    pub async fn left_over(&self) -> Vec<String> {
        let mut left_over = Vec::new();
        match self.db_due_jobs().await {
            0 => {}
            due => left_over.push(format!("{due} job(s) that could run")),
        }
        match self.db_count("outbox", Some("state = 'dead'")).await {
            0 => {}
            dead => left_over.push(format!("{dead} dead job(s)")),
        }
        left_over.extend(self.take_errors().into_iter().map(|error| format!("logged error: {error}")));
        left_over
    }

    /// Stops the application and WeChat, and removes what was theirs.
    ///
    /// # Panics
    /// The application did not stop, or had failed.
    pub async fn stop(self) {
        let Self { wechat, client, database, db, dir, stop, served, .. } = self;
        // Connections that are kept alive would hold the stop up.
        drop(client);
        stop.cancel();
        let stopped = tokio::time::timeout(PATIENCE, served).await;
        let served = stopped.expect("the application stops").expect("the application does not panic");
        wechat.stop().await.expect("the WeChat simulator stops");
        db.close().await.expect("the connection closes");
        database.remove().await;
        std::fs::remove_dir_all(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
        served.unwrap_or_else(|error| panic!("the application failed: {error}"));
    }
}

/// An empty folder. A process that was killed may have left one of the same name.
fn new_dir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("mashangjian-{name}"));
    if dir.exists() {
        std::fs::remove_dir_all(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    }
    std::fs::create_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    dir
}
