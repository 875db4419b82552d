//! A Redis server of a test's own: on a free port, in memory, gone when dropped.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running or stopped server.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    dir: PathBuf,
    process: Option<Child>,
}

impl RedisServer {
    /// Starts an empty server and waits until it answers.
    pub async fn start() -> Self {
        let mut server = Self { port: 0, dir: PathBuf::new(), process: None };
        // Between finding a free port and taking it somebody else may take it.
        for _ in 0..10 {
            server.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            server.dir =
                std::env::temp_dir().join(format!("redis-test-{}-{}", std::process::id(), server.port));
            std::fs::create_dir_all(&server.dir).unwrap();
            if server.launch().await {
                return server;
            }
        }
        panic!("redis-server did not start");
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would; its content is lost.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it on the same port after [`Self::kill`], empty.
    pub async fn start_again(&mut self) {
        assert!(self.launch().await, "redis-server did not start again");
    }

    /// Lets it hang: connections stay, nothing is answered, nothing is lost.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Ends a [`Self::pause`].
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    /// A connection to look inside.
    pub async fn connection(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    fn signal(&self, signal: &str) {
        let id = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
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
        let process = self.process.insert(command.expect("redis-server is installed"));
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).unwrap();
        let answers = async {
            let mut ticks = tokio::time::interval(Duration::from_millis(10));
            while process.try_wait().unwrap().is_none() {
                ticks.tick().await;
                if let Ok(mut connection) = client.get_multiplexed_async_connection().await
                    && redis::cmd("PING").exec_async(&mut connection).await.is_ok()
                {
                    return true;
                }
            }
            false
        };
        tokio::time::timeout(Duration::from_secs(10), answers).await.unwrap_or(false)
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
