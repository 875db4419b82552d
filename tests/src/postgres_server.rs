//! A PostgreSQL server of a test's own: on a free port, in a temporary folder, gone when dropped.
//!
//! Its settings are those that PostgreSQL is shipped with: a story that stops it looks what was kept.

use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use crate::backend::postgres_programs;
use crate::child;
use crate::patience::{free_port, holds_within};

/// A server that was killed recovers, and one that is stopped writes everything out, within this.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running or stopped server.
#[derive(Debug)]
pub struct PostgresServer {
    port: u16,
    dir: PathBuf,
    settings: Vec<String>,
    process: Option<Child>,
}

impl PostgresServer {
    /// Makes an empty server, starts it, and waits until it answers.
    ///
    /// # Panics
    /// It does not start; the message has the end of its log.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// As [`Self::start`], with settings such as `("shared_preload_libraries", "pg_stat_statements")`.
    ///
    /// # Panics
    /// It does not start; the message has the end of its log.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let dir = std::env::temp_dir().join(format!("postgres-test-{}-{port}", std::process::id()));
        fs::create_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
        if let Some((uid, gid)) = postgres_programs().owner {
            chown(&dir, Some(uid), Some(gid)).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
        }
        let settings = settings.iter().flat_map(|(key, value)| ["-c".to_owned(), format!("{key}={value}")]);
        let mut server = Self { port, dir, settings: settings.collect(), process: None };
        let made = server
            .program("initdb")
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "-D"])
            .arg(server.data())
            .status();
        assert!(made.is_ok_and(|status| status.success()), "initdb: {}", server.log());
        // Between finding a free port and taking it somebody else may take it.
        for _ in 0..10 {
            if server.launch().await {
                return server;
            }
            server.port = free_port();
        }
        panic!("PostgreSQL did not start: {}", server.log());
    }

    /// Its address: the maintenance database, as superuser.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn url(&self) -> url::Url {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port).parse().expect("a URL")
    }

    /// Stops it as its operator does: connections are cut, what was committed is written out.
    ///
    /// # Panics
    /// It does not stop.
    pub async fn stop(&mut self) {
        let mut process = self.process.take().expect("PostgreSQL runs");
        child::signal(&process, Signal::INT);
        let ended = child::ends_within(&mut process, PATIENCE).await;
        assert!(ended.is_some(), "PostgreSQL did not stop: {}", self.log());
    }

    /// Ends it as a power cut would: it has to recover when it starts again.
    ///
    /// # Panics
    /// It can't be ended.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("PostgreSQL runs");
        process.kill().expect("PostgreSQL is ended");
        process.wait().expect("PostgreSQL has ended");
    }

    /// Lets it hang: connections stay, nothing is answered, nothing is lost.
    ///
    /// # Panics
    /// It does not run.
    pub fn pause(&self) {
        child::pause_family(self.process.as_ref().expect("PostgreSQL runs"));
    }

    /// Ends a [`Self::pause`].
    ///
    /// # Panics
    /// It does not run.
    pub fn resume(&self) {
        child::resume_family(self.process.as_ref().expect("PostgreSQL runs"));
    }

    /// Starts it on the same port after [`Self::stop`] or [`Self::kill`].
    ///
    /// # Panics
    /// It does not start; the message has the end of its log.
    pub async fn start_again(&mut self) {
        let mut up = false;
        // After a kill its children live on for a moment, and it refuses to start beside them.
        holds_within(PATIENCE, async || {
            up = self.launch().await;
            up
        })
        .await;
        assert!(up, "PostgreSQL did not start again: {}", self.log());
    }

    /// Whether it came up and answers.
    async fn launch(&mut self) -> bool {
        let mut command = self.program("postgres");
        command.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
        command.args(&self.settings);
        let mut process = command.spawn().unwrap_or_else(|error| panic!("postgres: {error}"));
        let port = self.port.to_string();
        let mut answers = false;
        holds_within(PATIENCE, async || {
            let asked = self.program("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            answers = asked.is_ok_and(|status| status.success());
            answers || child::has_ended(&mut process)
        })
        .await;
        // Somebody else's server may answer on a port that was taken first.
        answers &= !child::has_ended(&mut process);
        if answers {
            self.process = Some(process);
        } else {
            child::discard(&mut process);
        }
        answers
    }

    /// One of PostgreSQL's programs, run as whom the server runs: root is refused.
    fn program(&self, name: &str) -> Command {
        let programs = postgres_programs();
        let log = File::options().create(true).append(true).open(self.dir.join("log")).expect("a log");
        let mut command = Command::new(programs.bin.join(name));
        command.current_dir("/").stdin(Stdio::null());
        command.stdout(log.try_clone().expect("a log")).stderr(log);
        if let Some((uid, gid)) = programs.owner {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    fn log(&self) -> String {
        let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
        let from = log.lines().count().saturating_sub(10);
        log.lines().skip(from).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // Its children end with it, and take their shared memory along. A test that failed must
            // still leave nothing behind; there is nobody to tell.
            let _ = Command::new("sh").args(["-c", "kill -s QUIT $0", &process.id().to_string()]).status();
            let _ = process.wait();
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}
