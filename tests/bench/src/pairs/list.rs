//! The list of cases that a station's manager sees first, against the bare SQL of the same page.

use std::sync::Arc;

use crate::cpu::Watched;
use crate::district::District;
use crate::load::{Load, get};
use crate::report::{Report, Round, median, micros_each};

const CONNECTIONS: usize = 16;
const CLIENTS: u64 = 10;
const COUNT: u64 = 5_000;

/// The pair, over the cases that are there by now.
pub(crate) async fn run(district: &District, rounds: usize) -> anyhow::Result<()> {
    let service = district.serve("")?;
    let manager = district.manager(service.port).await?;
    let request = get("/api/v1/cases?view=station&limit=20", &manager);
    let requests = Arc::new(move |_: u64| request.clone());
    let load = Load { port: service.port, connections: CONNECTIONS, status: 200, requests };
    let script = district.dir.join("list.sql");
    std::fs::write(&script, include_str!("list.sql"))?;
    let station = "SELECT scope_id FROM role_bindings WHERE role = 'station_manager' LIMIT 1";
    let station = district.postgres.query(station)?.trim().to_owned();
    let cases = format!("SELECT count(*) FROM cases WHERE station_id = '{station}'");
    let cases = district.postgres.query(&cases)?;
    let account = "SELECT account_id FROM role_bindings WHERE role = 'station_manager' LIMIT 1";
    let account = district.postgres.query(account)?.trim().to_owned();
    let variables = [
        ("station".to_owned(), station),
        ("account".to_owned(), account),
        ("limit".to_owned(), "21".to_owned()),
    ];
    district.postgres.query("ANALYZE")?;
    load.run(0, 1_000).await?;

    Report::part(&format!("the staff list of 20 cases, of {} at the station", cases.trim()))?;
    let (front, back) = (Watched::Alone(service.pid), Watched::WithChildren(district.postgres.pid));
    let (mut lists, mut bares) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let before = (front.cpu()?, back.cpu()?);
        let run = load.run(0, COUNT).await?;
        let (service, behind) = (front.cpu()? - before.0, back.cpu()? - before.1);
        lists.push(Round {
            run: Some(run),
            service: micros_each(service, COUNT),
            behind: micros_each(behind, COUNT),
        });
        let before = back.cpu()?;
        district.postgres.pgbench(&script, &variables, CLIENTS, COUNT / CLIENTS)?;
        bares.push(Round { run: None, service: 0.0, behind: micros_each(back.cpu()? - before, COUNT) });
    }
    Report::side("staff list", &lists)?;
    Report::side("pgbench, the same SQL", &bares)?;
    let pairs = || lists.iter().zip(&bares);
    Report::figure("database / bare SQL", median(pairs().map(|(list, bare)| list.behind / bare.behind)), "")?;
    let both = median(pairs().map(|(list, bare)| list.total() / bare.behind));
    Report::figure("service and database / bare SQL", both, "")?;
    service.stop()
}
