//! Wires the parts up, serves, and stops in order: HTTP, jobs, database.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use anyhow::Context;
use tokio_util::sync::CancellationToken;
use utoipa_actix_web::{AppExt, scope};

use crate::clock::SharedClock;
use crate::config::Config;
use crate::ids::Ids;
use crate::routes::{self, edge};
use crate::state::{AppState, Parts};
use crate::store::Database;

/// A service that has its socket and its database, and is about to serve.
#[derive(Debug)]
pub struct Application {
    state: AppState,
    listener: TcpListener,
}

impl Application {
    /// Opens the database and the socket.
    ///
    /// # Errors
    /// The database does not answer, its schema is not ours, or the address is taken.
    pub async fn build(config: Config, clock: SharedClock, ids: Ids) -> anyhow::Result<Self> {
        let db = Database::connect(&config.database).await.context("connecting to the database")?;
        crate::store::health::check(db.reader()).await?;
        let address = (config.server.host.as_str(), config.server.port);
        let listener = TcpListener::bind(address).with_context(|| format!("listening on {address:?}"))?;
        let state = Arc::new(Parts { config, clock, ids, db });
        Ok(Self { state, listener })
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

    /// Serves until told to stop, then lets running requests end.
    ///
    /// # Errors
    /// The server could not start, or a part did not stop.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let state = web::Data::new(self.state.clone());
        let request_ids = web::Data::new(edge::RequestIds::starting_at(self.state.ids.draw()));
        let config = &self.state.config.server;
        let workers = match config.workers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            workers => workers,
        };
        let server = HttpServer::new(move || {
            App::new()
                .into_utoipa_app()
                .service(scope::scope("/api/v1").configure(routes::v1))
                .into_app()
                .app_data(state.clone())
                .app_data(request_ids.clone())
                .configure(routes::extractors)
                .configure(routes::outside)
                .default_service(web::to(routes::not_found))
                .wrap(from_fn(edge::serve))
        })
        .workers(workers)
        .shutdown_timeout(config.shutdown_timeout_s)
        .client_request_timeout(Duration::from_secs(10))
        .disable_signals()
        .listen(self.listener)?
        .run();
        let handle = server.handle();
        let stopper = tokio::spawn(async move {
            stop.cancelled().await;
            handle.stop(true).await;
        });
        server.await.context("serving HTTP")?;
        stopper.abort();
        self.state.db.clone().close().await?;
        Ok(())
    }
}
