//! A Redis server of a test's own: on a free port, in memory, gone when dropped.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use crate::child;
use crate::patience::{free_port, holds_within};

/// A started server answers long before.
const START: Duration = Duration::from_secs(10);

/// A running or stopped server.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    dir: PathBuf,
    process: Option<Child>,
}

impl RedisServer {
    /// Starts an empty server and waits until it answers.
    ///
    /// # Panics
    /// It does not start.
    pub async fn start() -> Self {
        let mut server = Self { port: 0, dir: PathBuf::new(), process: None };
        // Between finding a free port and taking it somebody else may take it.
        for _ in 0..10 {
            server.port = free_port();
            server.dir =
                std::env::temp_dir().join(format!("redis-test-{}-{}", std::process::id(), server.port));
            std::fs::create_dir_all(&server.dir).expect("a folder for Redis");
            if server.launch().await {
                return server;
            }
        }
        panic!("redis-server did not start");
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would; its content is lost.
    ///
    /// # Panics
    /// It can't be ended.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("Redis is ended");
            process.wait().expect("Redis has ended");
        }
    }

    /// Starts it on the same port after [`Self::kill`], empty.
    ///
    /// # Panics
    /// It does not start.
    pub async fn start_again(&mut self) {
        assert!(self.launch().await, "redis-server did not start again");
    }

    /// Lets it hang: connections stay, nothing is answered, nothing is lost.
    ///
    /// # Panics
    /// It does not run.
    pub fn pause(&self) {
        child::signal(self.process.as_ref().expect("Redis runs"), Signal::STOP);
    }

    /// Ends a [`Self::pause`].
    ///
    /// # Panics
    /// It does not run.
    pub fn resume(&self) {
        child::signal(self.process.as_ref().expect("Redis runs"), Signal::CONT);
    }

    /// A connection to look inside.
    ///
    /// # Panics
    /// It does not answer.
    pub async fn connection(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).expect("an address of Redis");
        client.get_multiplexed_async_connection().await.expect("Redis answers")
    }

    /// Whether it came up and answers.
    async fn launch(&mut self) -> bool {
        let command = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(&self.dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let client = redis::Client::open(self.url()).expect("an address of Redis");
        let process = self.process.insert(command.expect("redis-server is installed"));
        let mut answers = false;
        let ended_or_answers = async || {
            if let Ok(mut connection) = client.get_multiplexed_async_connection().await {
                answers = redis::cmd("PING").exec_async(&mut connection).await.is_ok();
            }
            answers || child::has_ended(process)
        };
        holds_within(START, ended_or_answers).await;
        answers
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // A test that failed must still leave nothing behind; there is nobody to tell.
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
