//! Metrics: what is counted, the recorder, and the page that Prometheus reads, on its own port.
//!
//! Labels take words from closed lists only (routes, methods, statuses, kinds of jobs): no id and
//! no text of a caller ever becomes one.

use std::net::TcpListener;
use std::sync::LazyLock;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, get, web};
use anyhow::Context;
use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

use crate::state::AppState;
use crate::store::{deliveries, message_pauses, outbox};

/// Upper bounds in seconds: from a cached scan card to the time limit of a request.
const HTTP_SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// Upper bounds in seconds: from one message to the longest try.
const JOB_SECONDS: [f64; 6] = [0.01, 0.1, 1.0, 10.0, 60.0, 240.0];
/// Upper bounds in seconds: from the simulator beside us to the longest wait for WeChat.
const WECHAT_SECONDS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.3, 1.0, 5.0, 20.0];
/// How often samples are folded into buckets, so that memory stays bounded when nobody reads.
const UPKEEP: Duration = Duration::from_secs(5);
/// The kernel counts CPU time for `/proc` in units of 1/100 s on every Linux (proc_pid_stat(5), USER_HZ).
const TICKS_PER_SECOND: f64 = 100.0;

/// The recorder of the process: several applications in one test process share it.
static RECORDER: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("http_request_seconds".to_owned()), &HTTP_SECONDS)
        .and_then(|builder| {
            builder.set_buckets_for_metric(Matcher::Full("job_seconds".to_owned()), &JOB_SECONDS)
        })
        .and_then(|builder| {
            let name = Matcher::Full("wechat_call_seconds".to_owned());
            builder.set_buckets_for_metric(name, &WECHAT_SECONDS)
        })
        .ok()?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    describe();
    Some(handle)
});

fn describe() {
    describe_histogram!("http_request_seconds", "Time from a request's head to its answer's head.");
    describe_histogram!("job_seconds", "Time of one try of a job, by kind and outcome.");
    describe_gauge!("outbox_pending", "Jobs that wait or run.");
    describe_gauge!("outbox_dead", "Jobs that were given up and wait for the operator.");
    describe_gauge!("outbox_oldest_due_seconds", "How long the oldest due job has waited.");
    describe_counter!(
        "figures_mended_total",
        "Figures that were not what the history says; there should be none."
    );
    describe_counter!("content_checks_total", "Texts and pictures checked, by medium and outcome.");
    describe_counter!("wechat_pushes_total", "Pushes of WeChat that were taken, by event.");
    describe_counter!("wechat_punishments_total", "Punishments by WeChat; there should be none.");
    describe_gauge!(
        "messages",
        "Messages to leave the service that wait, are sent, of unknown fate or dead."
    );
    describe_gauge!("message_pauses", "Templates, or all of a mini-program's, that are held up just now.");
    describe_counter!("messages_total", "Messages by channel, kind and what became of them.");
    describe_counter!("message_pauses_total", "How often messages were held up, by reason.");
    describe_counter!("wechat_calls_total", "Tries of calls to WeChat, by API, errcode and what came of it.");
    describe_histogram!(
        "wechat_call_seconds",
        "Time of one try of a call to WeChat, with the wait for its turn."
    );
    describe_gauge!("process_resident_memory_bytes", "Resident memory.");
    describe_gauge!("process_cpu_seconds", "User and system time since the start.");
}

/// The page's server, bound and not yet answering.
#[derive(Debug)]
pub struct MetricsServer {
    listener: TcpListener,
}

impl MetricsServer {
    /// Takes the address; an empty one means that there is no such page, and nothing is recorded.
    ///
    /// # Errors
    /// The address is taken, or another recorder was installed before ours.
    pub fn bind(address: &str) -> anyhow::Result<Option<Self>> {
        if address.is_empty() {
            return Ok(None);
        }
        let listener =
            TcpListener::bind(address).with_context(|| format!("listening on {address} for metrics"))?;
        RECORDER.as_ref().context("another metrics recorder is installed")?;
        Ok(Some(Self { listener }))
    }

    /// The port that it listens on.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn port(&self) -> anyhow::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// Answers until told to stop.
    ///
    /// # Errors
    /// The server could not start.
    pub async fn run(self, state: AppState, stop: CancellationToken) -> anyhow::Result<()> {
        tracing::info!(port = self.port()?, "metrics are served");
        let state = web::Data::new(state);
        let server = HttpServer::new(move || App::new().app_data(state.clone()).service(show_metrics))
            .workers(1)
            .disable_signals()
            .listen(self.listener)?
            .run();
        let handle = server.handle();
        let upkeep = tokio::spawn(async move {
            while tokio::time::timeout(UPKEEP, stop.cancelled()).await.is_err() {
                if let Some(recorder) = &*RECORDER {
                    recorder.run_upkeep();
                }
            }
            handle.stop(true).await;
        });
        server.await.context("serving metrics")?;
        upkeep.abort();
        Ok(())
    }
}

/// Everything that is measured, in Prometheus's text format.
#[get("/metrics")]
async fn show_metrics(state: web::Data<AppState>) -> HttpResponse {
    let Some(recorder) = &*RECORDER else { return HttpResponse::NotFound().finish() };
    measure_process();
    measure_outbox(&state).await;
    measure_messages(&state).await;
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(recorder.render())
}

/// Without an answer of the database the last values stand; readiness tells of the failure.
async fn measure_outbox(state: &AppState) {
    let now = state.clock.now();
    let Ok(backlog) = outbox::backlog(state.db.reader(), now).await else { return };
    let waited = backlog.oldest_due_at.and_then(|due| (now - due).to_std().ok()).unwrap_or_default();
    gauge!("outbox_pending").set(count(backlog.pending));
    gauge!("outbox_dead").set(count(backlog.dead));
    gauge!("outbox_oldest_due_seconds").set(waited.as_secs_f64());
}

/// As [`measure_outbox`], of messages that are to leave the service.
async fn measure_messages(state: &AppState) {
    let db = state.db.reader();
    let Ok(unsettled) = deliveries::count_unsettled(db).await else { return };
    for (label, messages) in unsettled {
        gauge!("messages", "state" => label.as_str()).set(count(messages));
    }
    if let Ok(pauses) = message_pauses::count(db, state.clock.now()).await {
        gauge!("message_pauses").set(count(pauses));
    }
}

fn count(rows: u64) -> f64 {
    u32::try_from(rows).map_or(f64::INFINITY, f64::from)
}

fn measure_process() {
    if let Some(kib) = std::fs::read_to_string("/proc/self/status").ok().as_deref().and_then(resident_kib) {
        gauge!("process_resident_memory_bytes").set(kib * 1024.0);
    }
    if let Some(seconds) = std::fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(cpu_seconds) {
        gauge!("process_cpu_seconds").set(seconds);
    }
}

/// `VmRSS` of `/proc/self/status`.
fn resident_kib(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// `utime` and `stime` of `/proc/self/stat`: the 14th and 15th field; the 2nd may hold blanks.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_time_are_read_from_the_kernels_files() {
        assert_eq!(resident_kib("Name:\tapi\nVmRSS:\t   51200 kB\nThreads: 3\n"), Some(51_200.0));
        let stat = "7 (a b) c) S 1 7 7 0 -1 4 100 0 0 0 250 50 0 0 20 0 9 0 100 1 2";
        assert_eq!(cpu_seconds(stat), Some(3.0));
        assert_eq!(cpu_seconds("nonsense"), None);
    }
}
