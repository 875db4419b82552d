//! Taking a case in against what the database alone spends on three such rows.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::cpu::Watched;
use crate::district::District;
use crate::load::{Load, post};
use crate::process::Server;
use crate::report::{Report, Round, median, micros_each};

/// Connections of residents, and sessions of pgbench: both use as many backends as the pool has.
const CONNECTIONS: usize = 16;
const CLIENTS: u64 = 10;
/// Requests a round, and transactions of pgbench: more of these, so that starting its sessions weighs little.
const COUNT: u64 = 4_000;
const TRANSACTIONS: u64 = 10_000;

const TEXT: &str =
    "三号楼二单元的电梯从上周五起就停了，楼上有好几位腿脚不便的老人，上下楼很困难，请帮忙联系物业尽快修理。";

/// The pair.
pub(crate) async fn run(district: &District, report: &mut Report, rounds: usize) -> anyhow::Result<()> {
    // Jobs are done by another process, so that what follows an intake is not counted as a part of it.
    let service = district.serve("jobs.parallel = 0\n")?;
    let codes = district.codes(service.port).await?;
    let with_session = load(service.port, &codes, &district.resident(service.port).await?);
    let anonymous = load(service.port, &codes, "");
    let mut next = 0;
    with_session.run(next, 1_000).await?;
    next += 1_000;
    let bare = Bare::like_the_last_case(district)?;
    bare.insert(district, 0)?;

    Report::part("an intake against three of its rows inserted by pgbench")?;
    district.postgres.query("CHECKPOINT")?;
    let (mut sessions, mut tickets, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=rounds {
        for (side, load) in [(&mut sessions, &with_session), (&mut tickets, &anonymous)] {
            side.push(round(district, &service, load, next).await?);
            next += COUNT;
        }
        rows.push(bare.insert(district, number)?);
    }
    Report::side("intake with a session", &sessions)?;
    Report::side("intake without an account", &tickets)?;
    Report::side("pgbench, three inserts", &rows)?;
    let ratio =
        |side: &[Round]| median(side.iter().zip(&rows).map(|(ours, bare)| ours.total() / bare.behind));
    report.target("intake with a session / three inserts", ratio(&sessions), 1.5, "")?;
    report.target("intake without an account / three inserts", ratio(&tickets), 1.5, "")?;
    service.stop()?;
    follow_up(district).await
}

/// The load of residents who report through these codes.
pub(crate) fn load(port: u16, codes: &[String], authorization: &str) -> Load {
    let (codes, authorization) = (codes.to_vec(), authorization.to_owned());
    let requests = Arc::new(move |number: u64| {
        let at = usize::try_from(number).unwrap_or(0) % codes.len();
        let contact = json!({ "name": "示例居民", "phone": "19900000001" });
        let body = json!({ "code": codes.get(at), "text": TEXT, "contact": contact }).to_string();
        let headers = format!("{authorization}Idempotency-Key: bench-{port}-{number}\r\n");
        post("/api/v1/cases", &headers, "application/json", body.as_bytes())
    });
    Load { port, connections: CONNECTIONS, status: 201, requests }
}

async fn round(district: &District, service: &Server, load: &Load, first: u64) -> anyhow::Result<Round> {
    let (front, back) = (Watched::Alone(service.pid), Watched::WithChildren(district.postgres.pid));
    let before = (front.cpu()?, back.cpu()?);
    let run = load.run(first, COUNT).await?;
    let (service, behind) = (front.cpu()? - before.0, back.cpu()? - before.1);
    Ok(Round { run: Some(run), service: micros_each(service, COUNT), behind: micros_each(behind, COUNT) })
}

/// What the jobs of so many intakes cost afterwards, all together.
async fn follow_up(district: &District) -> anyhow::Result<()> {
    district.postgres.query("DELETE FROM outbox WHERE kind = 'notify_case'")?;
    let service = district.serve("")?;
    let codes = district.codes(service.port).await?;
    let load = load(service.port, &codes, &district.resident(service.port).await?);
    let (front, back) = (Watched::Alone(service.pid), Watched::WithChildren(district.postgres.pid));
    let before = (front.cpu()?, back.cpu()?);
    load.run(0, COUNT).await?;
    let waiting = "SELECT count(*) FROM outbox WHERE kind = 'notify_case'";
    while district.postgres.query(waiting)?.trim() != "0" {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let each = |after: Duration, before| micros_each(after - before, COUNT);
    Report::figure("intake and its notices, service", each(front.cpu()?, before.0), " µs")?;
    Report::figure("intake and its notices, database", each(back.cpu()?, before.1), " µs")?;
    service.stop()
}

/// The same rows, inserted statement by statement.
struct Bare {
    script: PathBuf,
    variables: Vec<(String, String)>,
}

impl Bare {
    /// A script that inserts a case, its event and its job as the service has just done: every column,
    /// the same values as parameters, new keys.
    fn like_the_last_case(district: &District) -> anyhow::Result<Self> {
        let mut script = "\\set n :n + 1\n\\set id (:series * 100 + :client_id) * 1000000 + :n\n\
             \\set number (:id * 2654435761) % 1099511627776\nBEGIN;\n"
            .to_owned();
        let mut variables = vec![("n".to_owned(), "0".to_owned())];
        let key = "lpad(to_hex(:id::bigint), 32, '0')::uuid";
        let last = "(SELECT id FROM cases ORDER BY id DESC LIMIT 1)";
        let tables = [
            ("cases", format!("id = {last}")),
            ("case_events", format!("case_id = {last}")),
            ("outbox", format!("payload->>'case_id' = {last}::text")),
        ];
        for (table, condition) in tables {
            let sql = format!(
                "SELECT key, value IS NULL, replace(value, E'\\n', ' ') FROM {table} t, \
                 json_each_text(row_to_json(t)) WHERE {condition}"
            );
            let (mut columns, mut values) = (Vec::new(), Vec::new());
            for line in district.postgres.query(&sql)?.lines() {
                let mut fields = line.splitn(3, '\t');
                let (column, null, value) =
                    (fields.next().unwrap_or(""), fields.next() == Some("t"), fields.next().unwrap_or(""));
                columns.push(column.to_owned());
                values.push(match (table, column) {
                    ("cases" | "outbox", "id") | ("case_events", "case_id") => key.to_owned(),
                    // Scattered as numbers of cases are, and never the same twice.
                    ("cases", "number") => "lpad(to_hex(:number::bigint), 10, '0')".to_owned(),
                    _ if null => "NULL".to_owned(),
                    _ => {
                        let name = format!("{table}_{column}");
                        variables.push((name.clone(), value.to_owned()));
                        format!(":{name}")
                    }
                });
            }
            writeln!(script, "INSERT INTO {table} ({}) VALUES ({});", columns.join(", "), values.join(", "))?;
        }
        script.push_str("COMMIT;\n");
        let file = district.dir.join("intake.sql");
        std::fs::write(&file, script)?;
        Ok(Self { script: file, variables })
    }

    fn insert(&self, district: &District, series: usize) -> anyhow::Result<Round> {
        let back = Watched::WithChildren(district.postgres.pid);
        let before = back.cpu()?;
        let mut variables = self.variables.clone();
        variables.push(("series".to_owned(), series.to_string()));
        district.postgres.pgbench(&self.script, &variables, CLIENTS, TRANSACTIONS / CLIENTS)?;
        Ok(Round { run: None, service: 0.0, behind: micros_each(back.cpu()? - before, TRANSACTIONS) })
    }
}
