//! One running instance of the service within the test's process.

use std::sync::Arc;
use std::time::Duration;

use api::clock::ManualClock;
use api::config::Config;
use api::ids::Ids;
use api::startup::Application;
use api::state::AppState;
use reqwest::Method;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::http::{self, Request};

/// No instance takes this long to stop unless something hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// An instance: an [`App`](crate::App) has one, and may have more beside it.
pub struct Instance {
    state: AppState,
    base: String,
    client: reqwest::Client,
    stop: CancellationToken,
    served: JoinHandle<Result<(), String>>,
}

impl Instance {
    /// Starts one; the seed keeps its ids apart from those of others.
    pub(crate) async fn start(config: Config, clock: &Arc<ManualClock>, seed: u64) -> Self {
        let ids = Ids::seeded(clock.clone(), seed);
        let built = Application::build(config, clock.clone(), ids).await;
        let application = built.unwrap_or_else(|error| panic!("the application does not start: {error:#}"));
        let base = format!("http://127.0.0.1:{}", application.port().expect("the application listens"));
        let state = application.state();
        let stop = CancellationToken::new();
        let running = application.run(stop.clone());
        let served = tokio::spawn(async move { running.await.map_err(|error| format!("{error:#}")) });
        Self { state, base, client: http::client(), stop, served }
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

    /// A request of any method.
    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(&self.client, method, &self.base, path)
    }

    /// Runs every job that is due, and those that follow from them.
    ///
    /// # Panics
    /// The queue can't be read.
    pub async fn run_jobs(&self) {
        let ran = api::jobs::run_due(&self.state).await;
        ran.unwrap_or_else(|error| panic!("running jobs: {error}"));
    }

    /// Stops it.
    ///
    /// # Panics
    /// It did not stop, or had failed.
    pub async fn stop(self) {
        let Self { client, stop, served, .. } = self;
        // Connections that are kept alive would hold the stop up.
        drop(client);
        stop.cancel();
        let stopped = tokio::time::timeout(PATIENCE, served).await;
        let served = stopped.expect("the application stops").expect("the application does not panic");
        served.unwrap_or_else(|error| panic!("the application failed: {error}"));
    }
}
