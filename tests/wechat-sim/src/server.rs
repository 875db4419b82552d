//! Starting and stopping the simulator's HTTP server.

use std::io;
use std::net::SocketAddr;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, HttpServer};
use tokio::task::JoinHandle;

use crate::handle::SimHandle;
use crate::options::SimOptions;
use crate::{dispatch, drivers};

/// The largest body that is taken, in bytes.
const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// Seconds that calls in progress get when the simulator stops.
const PATIENCE: u64 = 2;

/// The way in: [`Simulator::start`].
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Starts a simulator within the present tokio runtime; it answers when this returns. Any number of
    /// them live side by side.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn start(options: SimOptions) -> io::Result<RunningSimulator> {
        let asked = options.address;
        let sim = SimHandle::new(options);
        let data = Data::new(sim.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .app_data(PayloadConfig::new(LARGEST_BODY))
                .service(drivers::scope())
                .default_service(web::to(dispatch::answer))
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(PATIENCE)
        .on_connect(dispatch::keep_socket)
        .bind(asked)?;
        let address = server.addrs().first().copied().unwrap_or(asked);
        let server = server.run();
        let stopper = server.handle();
        let task = tokio::spawn(server);
        Ok(RunningSimulator { address, sim, stopper, task: Some(task) })
    }
}

/// A simulator that answers calls; dropping it stops it without waiting.
pub struct RunningSimulator {
    address: SocketAddr,
    sim: SimHandle,
    stopper: ServerHandle,
    task: Option<JoinHandle<io::Result<()>>>,
}

impl RunningSimulator {
    /// What stands for WeChat's address, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port that was taken.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// The hand on what is simulated.
    #[must_use]
    pub const fn sim(&self) -> &SimHandle {
        &self.sim
    }

    /// Stops after the calls in progress are answered.
    ///
    /// # Errors
    /// When the server had failed before.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stopper.stop(true).await;
        match self.task.take() {
            Some(task) => task.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        if self.task.is_some() {
            // The order is sent at once; only its completion would have to be awaited.
            drop(self.stopper.stop(false));
        }
    }
}
