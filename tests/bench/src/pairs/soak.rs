//! How much memory the service holds after a long day: 100,000 scans and 10,000 intakes, with its jobs.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::intake;
use crate::cpu::memory;
use crate::district::District;
use crate::load::{Load, as_f64, get};
use crate::report::Report;

const SCANS: u64 = 100_000;
const INTAKES: u64 = 10_000;

/// The day.
pub(crate) async fn run(district: &District, report: &mut Report) -> anyhow::Result<()> {
    Report::say("\n== resident memory after 100,000 scans and 10,000 intakes")?;
    let service = district.serve("")?;
    let codes = district.codes(service.port).await?;
    Report::figure("at the start", mib(memory(service.pid)?.resident), " MiB")?;
    let scans: Vec<Bytes> = codes.iter().map(|code| get(&format!("/api/v1/codes/{code}"), "")).collect();
    let requests = Arc::new(move |number: u64| {
        scans.get(usize::try_from(number).unwrap_or(0) % scans.len()).cloned().unwrap_or_default()
    });
    Load { port: service.port, connections: 32, status: 200, requests }.run(0, SCANS).await?;
    Report::figure("after the scans", mib(memory(service.pid)?.resident), " MiB")?;
    let resident = district.resident(service.port).await?;
    intake::load(service.port, &codes, &resident).run(0, INTAKES).await?;
    let after = memory(service.pid)?;
    let waiting = "SELECT count(*) FROM outbox WHERE kind = 'notify_case'";
    while district.postgres.query(waiting)?.trim() != "0" {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let idle = memory(service.pid)?;
    Report::figure("at most", mib(idle.peak), " MiB")?;
    Report::figure("when all notices are written", mib(idle.resident), " MiB")?;
    report.target("after the intakes", mib(after.resident.max(idle.resident)), 64.0, " MiB")?;
    service.stop()
}

pub(crate) fn mib(kib: u64) -> f64 {
    as_f64(kib) / 1024.0
}
