//! The load: a closed loop of keep-alive connections over HTTP/1.1, each of which asks, reads the whole
//! answer, and asks again. Any answer with another status than the expected one ends the run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// No answer takes this long unless something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes the request with this number, complete with its head.
pub(crate) type Requests = Arc<dyn Fn(u64) -> Bytes + Send + Sync>;

/// What is asked of whom.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) port: u16,
    pub(crate) connections: usize,
    /// The only status that is no failure.
    pub(crate) status: u16,
    pub(crate) requests: Requests,
}

/// How a run went.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) count: u64,
    pub(crate) took: Duration,
    latencies: Vec<Duration>,
}

impl Run {
    pub(crate) fn per_second(&self) -> f64 {
        as_f64(self.count) / self.took.as_secs_f64()
    }

    /// The latency that this share of the requests, in per cent, did not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let at = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).copied().unwrap_or_default()
    }
}

/// Counts of this program stay far below 2^32.
pub(crate) fn as_f64(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

impl Load {
    /// Sends `count` requests, numbered from `first`.
    pub(crate) async fn run(&self, first: u64, count: u64) -> anyhow::Result<Run> {
        let next = Arc::new(AtomicU64::new(first));
        let mut streams = Vec::new();
        for _ in 0..self.connections {
            let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for stream in streams {
            tasks.spawn(ask(stream, self.clone(), next.clone(), first + count));
        }
        let mut latencies = Vec::new();
        while let Some(done) = tasks.join_next().await {
            latencies.extend(done??);
        }
        let took = started.elapsed();
        latencies.sort_unstable();
        Ok(Run { count, took, latencies })
    }
}

async fn ask(stream: TcpStream, load: Load, next: Arc<AtomicU64>, end: u64) -> anyhow::Result<Vec<Duration>> {
    let mut connection = Connection { stream, buffer: BytesMut::with_capacity(16 * 1024) };
    let mut latencies = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return Ok(latencies);
        }
        let request = (load.requests)(number);
        let asked = Instant::now();
        let answer = tokio::time::timeout(PATIENCE, connection.exchange(&request));
        let Answer { status, body, .. } = answer.await.context("no answer in a minute")??;
        latencies.push(asked.elapsed());
        if status != load.status {
            bail!("expected {}, got {status}: {}", load.status, String::from_utf8_lossy(&body));
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON of an answer that has this status.
    pub(crate) fn json(&self, status: u16) -> anyhow::Result<serde_json::Value> {
        if self.status != status {
            bail!("expected {status}, got {}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        Ok(serde_json::from_slice(&self.body)?)
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let pairs = head.lines().filter_map(|line| line.split_once(':'));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

struct Connection {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Connection {
    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            self.read().await?;
        };
        let head = String::from_utf8(self.buffer.split_to(end).to_vec())?;
        self.buffer.advance(4);
        let status = head.get(9..12).context("no status")?.parse()?;
        let length = match header(&head, "content-length") {
            Some(length) => length.parse()?,
            None => bail!("an answer without a length: {head}"),
        };
        while self.buffer.len() < length {
            self.read().await?;
        }
        let body = self.buffer.split_to(length).freeze();
        Ok(Answer { status, head, body })
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }
}

/// One request on a connection of its own.
pub(crate) async fn once(port: u16, request: &[u8]) -> anyhow::Result<Answer> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut connection = Connection { stream, buffer: BytesMut::new() };
    tokio::time::timeout(PATIENCE, connection.exchange(request)).await.context("no answer in a minute")?
}

/// A GET with these further headers, each with its line's end.
pub(crate) fn get(path: &str, headers: &str) -> Bytes {
    format!("GET {path} HTTP/1.1\r\nHost: m.example\r\n{headers}\r\n").into()
}

/// A POST of this content type with these further headers, each with its line's end.
pub(crate) fn post(path: &str, headers: &str, content_type: &str, body: &[u8]) -> Bytes {
    let length = body.len();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: m.example\r\nContent-Type: {content_type}\r\n\
         Content-Length: {length}\r\n{headers}\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    request.into()
}
