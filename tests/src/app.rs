//! One application under test, with everything that is its own, and the hands on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use api::clock::{Clock, ManualClock};
use api::jobs::Job;
use api::state::AppState;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use wechat_sim::{ClockMode, RunningSimulator, SimHandle, SimOptions, Simulator};

use crate::database::{TestDatabase, count};
use crate::http::Request;
use crate::settings::{APPID, Places, SECRET, Settings};
use crate::{Backend, Instance, Program, Setup, district, leaks, logs};

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
    settings: Settings,
    instance: Instance,
    /// How many instances were started; each draws its own ids.
    instances: AtomicU64,
    database: TestDatabase,
    db: DatabaseConnection,
    dir: PathBuf,
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
        Self::spawn_with(Setup::on(backend)).await
    }

    /// Spawns an application with servers or settings of its own.
    ///
    /// # Panics
    /// Something does not start.
    pub async fn spawn_with(setup: Setup) -> Self {
        // A second installation fails and changes nothing.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        logs::listen();
        let name = new_name();
        let dir = new_dir(&name);
        let database = TestDatabase::create(&setup.database, &name, &dir).await;
        let wechat = Simulator::start(
            SimOptions { clock: ClockMode::Manual(morning()), ..SimOptions::new(APPID, SECRET) }
                .with_public_url(&"https://m.example".parse().expect("a URL"))
                .expect("a base"),
        )
        .expect("the WeChat simulator starts");
        let mut settings = Settings::at(&Places {
            database_url: database.url().to_owned(),
            redis_url: setup.redis_url,
            redis_prefix: name.replace('_', "-"),
            wechat_url: wechat.base_url(),
            files: dir.join("files").display().to_string(),
        });
        if setup.has_robot {
            let (scope, base) = (district::station(), wechat.base_url());
            let robot =
                format!(r#"[{{ scope = "{scope}", url = "{base}/cgi-bin/webhook/send?key=station" }}]"#);
            settings.set("messages.robots", &robot);
        }
        for (key, value) in &setup.settings {
            settings.set(key, value);
        }
        let clock = Arc::new(ManualClock::starting_at(morning()));
        let instance = Instance::start(settings.to_config(), &clock, 1).await;
        let db = database.connect().await;
        Self { clock, wechat, settings, instance, instances: AtomicU64::new(1), database, db, dir }
    }

    /// Starts another instance of the service beside the application's own, on the same database,
    /// Redis and WeChat, with the same clock. The story stops it.
    ///
    /// # Panics
    /// It does not start.
    pub async fn another_instance(&self) -> Instance {
        let seed = self.instances.fetch_add(1, Ordering::SeqCst) + 1;
        Instance::start(self.settings.to_config(), &self.clock, seed).await
    }

    /// The service's program, to be run on the application's database, Redis and WeChat. It has the
    /// machine's clock.
    ///
    /// # Panics
    /// It has not been built.
    #[must_use]
    pub fn program(&self) -> Program {
        Program::new(&self.dir, &self.settings)
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
        self.instance.state()
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        self.instance.base()
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// A POST.
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// A PUT.
    pub fn put(&self, path: &str) -> Request {
        self.request(Method::PUT, path)
    }

    /// A PATCH.
    pub fn patch(&self, path: &str) -> Request {
        self.request(Method::PATCH, path)
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    /// A request of any method.
    pub fn request(&self, method: Method, path: &str) -> Request {
        self.instance.request(method, path)
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

    /// Runs SQL that both databases understand, for rows that would take too many calls.
    ///
    /// # Panics
    /// The database does not take it.
    pub async fn run_sql<const N: usize>(&self, sql: &str, values: [sea_orm::Value; N]) {
        let backend = self.db.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        self.db.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    async fn count<const N: usize>(&self, sql: String, values: [sea_orm::Value; N]) -> i64 {
        let backend = self.db.get_database_backend();
        count(&self.db, Statement::from_sql_and_values(backend, sql, values)).await
    }

    /// How many files the service keeps: two for every picture.
    ///
    /// # Panics
    /// The folder can't be read.
    #[must_use]
    pub fn file_count(&self) -> usize {
        paths_below(&self.dir.join("files")).len()
    }

    /// Runs every job that is due, and those that follow from them.
    ///
    /// # Panics
    /// The queue can't be read.
    pub async fn run_jobs(&self) {
        self.instance.run_jobs().await;
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
        left_over.extend(logs::leaks());
        left_over.extend(self.leaks_of_processes());
        left_over
    }

    /// What stands in the logs of processes that the story has started, and must not.
    fn leaks_of_processes(&self) -> Vec<String> {
        let mut leaks = Vec::new();
        for path in
            paths_below(&self.dir).into_iter().filter(|path| path.extension().is_some_and(|it| it == "log"))
        {
            let log =
                std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            leaks.extend(
                log.lines()
                    .filter_map(|line| Some(format!("{}, logged by a process: {line}", leaks::find(line)?))),
            );
        }
        leaks
    }

    /// Stops the application and WeChat, and removes what was theirs.
    ///
    /// # Panics
    /// The application did not stop, or had failed.
    pub async fn stop(self) {
        let Self { wechat, instance, database, db, dir, .. } = self;
        instance.stop().await;
        wechat.stop().await.expect("the WeChat simulator stops");
        db.close().await.expect("the connection closes");
        database.remove().await;
        remove_dir(&dir);
    }
}

/// A name that no other application of the running tests has.
pub(crate) fn new_name() -> String {
    format!("story_{}_{}", std::process::id(), SPAWNED.fetch_add(1, Ordering::SeqCst))
}

/// All files in a folder and those within; none when it does not exist yet.
fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())));
    paths
        .map(|entry| entry.path())
        .flat_map(|path| if path.is_dir() { paths_below(&path) } else { vec![path] })
        .collect()
}

/// An empty folder. A process that was killed may have left one of the same name.
pub(crate) fn new_dir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("mashangjian-{name}"));
    if dir.exists() {
        remove_dir(&dir);
    }
    std::fs::create_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    dir
}

pub(crate) fn remove_dir(dir: &Path) {
    std::fs::remove_dir_all(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
}
