//! How soon the service is ready on a database that exists.

use std::time::{Duration, Instant};

use crate::district::District;
use crate::load::{get, once};
use crate::report::{Report, median};

/// Starts it `rounds` times, and asks until it says that it is ready.
pub(crate) async fn run(district: &District, report: &mut Report, rounds: usize) -> anyhow::Result<()> {
    Report::say("\n== start on an existing database")?;
    let mut seconds = Vec::new();
    for _ in 0..rounds {
        let started = Instant::now();
        let service = district.serve("")?;
        let ready = get("/health/ready", "");
        while once(service.port, &ready).await?.status != 200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        seconds.push(started.elapsed().as_secs_f64());
        service.stop()?;
    }
    report.target("from start to ready", median(seconds), 1.0, " s")
}
