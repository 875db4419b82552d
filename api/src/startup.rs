//! Wires the parts up, serves, and stops in order: HTTP, jobs, database.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use anyhow::Context;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::ids::Ids;
use crate::jobs::{Runner, Tick};
use crate::metering::MetricsServer;
use crate::routes::{self, edge, gate};
use crate::service::{scan_counter, terms, unknown_codes};
use crate::state::{AppState, Parts};
use crate::store::Database;
use crate::store::migrate::migrate;

/// How long a connection without requests stays open: longer than a proxy keeps one (nginx, `keepalive_timeout` of
/// `upstream`: 60 s). Else it would now and then send a request on one that is just being closed.
pub const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Opens the database and puts the parts together. An embedded database brings its schema up to
/// date by itself; a shared one is the operator's to migrate.
///
/// # Errors
/// The database does not answer, or its schema is not ours.
pub async fn build_state(config: Config, clock: SharedClock, ids: Ids) -> anyhow::Result<AppState> {
    let db = Database::connect(&config.database).await.context("connecting to the database")?;
    if db.is_embedded() {
        migrate(&db).await.context("migrating the embedded database")?;
    }
    crate::store::health::check(db.reader()).await?;
    let state = Parts::assemble(config, clock, ids, db)?;
    terms::refresh(&state).await.context("reading the calendar")?;
    Ok(state)
}

/// The small work of one process, done beside its jobs and once more when it stops.
#[must_use]
pub fn ticks() -> Vec<Tick> {
    vec![
        Tick {
            name: "flush_scans",
            every: Duration::from_secs(1),
            run: |state| Box::pin(flush_scans(state)),
        },
        Tick {
            name: "refresh_calendar",
            every: Duration::from_secs(60),
            run: |state| Box::pin(refresh_calendar(state)),
        },
    ]
}

async fn refresh_calendar(state: AppState) {
    if let Err(error) = terms::refresh(&state).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "the calendar could not be refreshed");
    }
}

async fn flush_scans(state: AppState) {
    let flushed = match scan_counter::flush(&state).await {
        Ok(()) => unknown_codes::flush(&state).await,
        failed => failed,
    };
    if let Err(error) = flushed {
        // The counts have gone back; the next flush takes them along.
        tracing::warn!(error = &error as &dyn std::error::Error, "scans could not be flushed");
    }
}

/// Runs jobs only, until told to stop.
///
/// # Errors
/// The address of the metrics is taken, or a part did not stop.
pub async fn work(state: AppState, stop: CancellationToken) -> anyhow::Result<()> {
    let metrics = MetricsServer::bind(&state.config.server.metrics_address)?;
    let metering = spawn_metrics(metrics, &state, &stop);
    Runner::new(state.clone(), ticks()).run(stop).await;
    finish_metrics(metering).await?;
    Ok(state.db.clone().close().await?)
}

type Metering = Option<JoinHandle<anyhow::Result<()>>>;

fn spawn_metrics(metrics: Option<MetricsServer>, state: &AppState, stop: &CancellationToken) -> Metering {
    metrics.map(|metrics| tokio::spawn(metrics.run(state.clone(), stop.clone())))
}

async fn finish_metrics(metering: Metering) -> anyhow::Result<()> {
    match metering {
        Some(metering) => metering.await.context("serving metrics")?,
        None => Ok(()),
    }
}

/// A service that has its sockets and its database, and is about to serve.
#[derive(Debug)]
pub struct Application {
    state: AppState,
    listener: TcpListener,
    metrics: Option<MetricsServer>,
}

impl Application {
    /// Opens the database and the sockets.
    ///
    /// # Errors
    /// The database does not answer, its schema is not ours, or an address is taken.
    pub async fn build(config: Config, clock: SharedClock, ids: Ids) -> anyhow::Result<Self> {
        let state = build_state(config, clock, ids).await?;
        let server = &state.config.server;
        let address = (server.host.as_str(), server.port);
        let listener = TcpListener::bind(address).with_context(|| format!("listening on {address:?}"))?;
        let metrics = MetricsServer::bind(&server.metrics_address)?;
        Ok(Self { state, listener, metrics })
    }

    /// The port that it listens on.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn port(&self) -> anyhow::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// The parts, for tests and tools.
    #[must_use]
    pub fn state(&self) -> AppState {
        self.state.clone()
    }

    /// The port of the metrics, where they are served.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn metrics_port(&self) -> anyhow::Result<Option<u16>> {
        self.metrics.as_ref().map(MetricsServer::port).transpose()
    }

    /// Serves HTTP until told to stop, without jobs: stories run those themselves.
    ///
    /// # Errors
    /// The server could not start, or a part did not stop.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let db = self.state.db.clone();
        let metering = spawn_metrics(self.metrics, &self.state, &stop);
        serve_http(self.state, self.listener, stop).await?;
        finish_metrics(metering).await?;
        Ok(db.close().await?)
    }

    /// Serves HTTP and runs jobs until told to stop; then requests end first, jobs next.
    ///
    /// # Errors
    /// The server could not start, or a part did not stop.
    pub async fn run_with_jobs(self, stop: CancellationToken) -> anyhow::Result<()> {
        let stop_jobs = CancellationToken::new();
        let runner = Runner::new(self.state.clone(), ticks()).run(stop_jobs.clone());
        let jobs = tokio::spawn(runner);
        let db = self.state.db.clone();
        let metering = spawn_metrics(self.metrics, &self.state, &stop_jobs);
        let served = serve_http(self.state, self.listener, stop).await;
        stop_jobs.cancel();
        jobs.await.context("running jobs")?;
        finish_metrics(metering).await?;
        db.close().await?;
        served
    }
}

/// Serves HTTP until told to stop, then lets running requests end.
async fn serve_http(state: AppState, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
    let request_ids = web::Data::new(edge::RequestIds::starting_at(state.ids.draw()));
    let parts = state.clone();
    let config = &parts.config.server;
    let state = web::Data::new(state);
    let workers = match config.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    let server = HttpServer::new(move || {
        App::new()
            .service(routes::api())
            .app_data(state.clone())
            .app_data(request_ids.clone())
            .configure(routes::extractors)
            .configure(routes::outside)
            .default_service(web::to(routes::not_found))
            .wrap(from_fn(gate::check))
            .wrap(from_fn(edge::serve))
    })
    .workers(workers)
    .shutdown_timeout(config.shutdown_timeout_s)
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(KEEP_ALIVE)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let stopper = tokio::spawn(async move {
        stop.cancelled().await;
        handle.stop(true).await;
    });
    server.await.context("serving HTTP")?;
    stopper.abort();
    Ok(())
}
