//! The service's program as a child process, as an operator runs it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::Method;
use rustix::process::Signal;

use crate::child;
use crate::http::{self, Request};
use crate::patience::holds_within;
use crate::settings::Settings;
use crate::setup::unlimited;

/// A process is ready, and ends, within this.
const PATIENCE: Duration = Duration::from_secs(20);
/// Tells the logs of one test process apart.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// The program with a configuration file.
#[derive(Debug, Clone)]
pub struct Program {
    dir: PathBuf,
    settings: Settings,
    config: PathBuf,
}

impl Program {
    /// Writes the configuration into the folder.
    pub(crate) fn new(dir: &Path, settings: &Settings) -> Self {
        let number = STARTED.fetch_add(1, Ordering::SeqCst);
        let config = dir.join(format!("program-{number}.toml"));
        fs::write(&config, settings.to_toml())
            .unwrap_or_else(|error| panic!("{}: {error}", config.display()));
        Self { dir: dir.to_owned(), settings: settings.clone(), config }
    }

    /// With another value, in TOML, for a key of the configuration.
    #[must_use]
    pub fn set(&self, key: &str, toml: &str) -> Self {
        let mut settings = self.settings.clone();
        settings.set(key, toml);
        Self::new(&self.dir, &settings)
    }

    /// Without limits, as [`Setup::unlimited`](crate::Setup::unlimited).
    #[must_use]
    pub fn unlimited(&self) -> Self {
        let mut settings = self.settings.clone();
        for (key, value) in unlimited() {
            settings.set(&key, value);
        }
        Self::new(&self.dir, &settings)
    }

    /// Runs a subcommand to its end.
    ///
    /// # Panics
    /// The program has not been built.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
    }

    /// Starts `serve`, and waits until it says that it is ready.
    ///
    /// # Panics
    /// It ends or takes too long; the message has its log.
    pub async fn serve(&self) -> Process {
        let number = STARTED.fetch_add(1, Ordering::SeqCst);
        let log = self.dir.join(format!("serve-{number}.log"));
        let out = File::create(&log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
        let errors = out.try_clone().expect("a second handle of the log");
        let mut command = self.command(&["serve"]);
        let child = command.stdin(Stdio::null()).stdout(out).stderr(errors).spawn();
        let child = child.unwrap_or_else(|error| panic!("serve: {error}"));
        let mut process = Process { child, log, base: String::new(), client: http::client() };
        let ready = holds_within(PATIENCE, async || process.is_ready()).await;
        assert!(ready, "the service is not ready; it says:\n{}", process.log());
        process
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(built());
        command.args(arguments).arg("--config").arg(&self.config);
        command
    }
}

/// The program, which cargo puts beside the folder of the tests.
fn built() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a file");
    let folder = test.parent().expect("the test lies in target/PROFILE/deps");
    // A tool of the tests lies beside it.
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let program = folder.join("api");
    assert!(
        program.is_file(),
        "{} is not there: `./test` builds it, or `cargo build --workspace`",
        program.display()
    );
    program
}

/// A running `serve`; killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
    base: String,
    client: reqwest::Client,
}

impl Process {
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

    /// A request of any method.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(&self.client, method, &self.base, path)
    }

    /// A request on a connection of its own.
    pub fn newly_connected(&self, method: Method, path: &str) -> Request {
        Request::new(&http::client(), method, &self.base, path)
    }

    /// Ends it as a power cut would.
    ///
    /// # Panics
    /// It can't be ended.
    pub fn kill(&self) {
        child::signal(&self.child, Signal::KILL);
    }

    /// Asks it to stop, as an operator does; asked twice, it stops at once.
    ///
    /// # Panics
    /// It can't be asked.
    pub fn terminate(&self) {
        child::signal(&self.child, Signal::TERM);
    }

    /// Waits for its end, and gives its exit code; `None` when a signal ended it.
    ///
    /// # Panics
    /// It goes on; the message has its log.
    pub async fn exit_code(&mut self) -> Option<i32> {
        match child::ends_within(&mut self.child, PATIENCE).await {
            Some(status) => status.code(),
            None => panic!("the service goes on; it says:\n{}", self.log()),
        }
    }

    /// All that it has said and logged.
    ///
    /// # Panics
    /// The log can't be read.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_else(|error| panic!("{}: {error}", self.log.display()))
    }

    fn is_ready(&mut self) -> bool {
        if let Some(base) = self.log().lines().find_map(|line| line.strip_prefix("ready ")) {
            base.clone_into(&mut self.base);
            return true;
        }
        assert!(!child::has_ended(&mut self.child), "the service has ended; it says:\n{}", self.log());
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        child::discard(&mut self.child);
    }
}
