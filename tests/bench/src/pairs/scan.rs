//! A scan card against a bare handler: from the in-process level, and from Redis.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use redis::AsyncCommands;
use std::process::Command;

use crate::cpu::Watched;
use crate::district::District;
use crate::load::{Load, get, once};
use crate::process::Server;
use crate::report::{Report, Round, median, micros_each};

/// Connections that scan at once.
const CONNECTIONS: usize = 16;
const WARM_UP: u64 = 10_000;

/// Both pairs.
pub(crate) async fn run(district: &District, report: &mut Report, rounds: usize) -> anyhow::Result<()> {
    let service = district.serve("")?;
    let codes = district.codes(service.port).await?;
    let bare = bare(district, &service, &codes).await?;
    let sides = Sides { district, codes: &codes, bare: &bare, rounds };

    Report::part("scan card from the in-process level")?;
    let what = "scan card, in process / bare handler";
    sides.compare(&service, "static", 40_000, report, (what, 1.5)).await?;
    service.stop()?;

    // Without its in-process level the service asks Redis for every card.
    let service = district.serve("cache.local_bytes = 0\n")?;
    Report::part("scan card from Redis, the in-process level missed")?;
    let what = "scan card, from Redis / bare handler with one GET";
    sides.compare(&service, "redis", 30_000, report, (what, 1.3)).await?;
    service.stop()
}

/// Starts the bare handlers with an answer that the service has given, in Redis under every code.
async fn bare(district: &District, service: &Server, codes: &[String]) -> anyhow::Result<Server> {
    let code = codes.first().context("no code")?;
    let card = once(service.port, &get(&format!("/api/v1/codes/{code}"), "")).await?;
    card.json(200)?;
    let client = redis::Client::open(district.redis_url.as_str())?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    for code in codes {
        let () = connection.set(code, card.body.as_ref()).await?;
    }
    let mut command = Command::new(std::env::current_exe()?);
    let body = district.dir.join("card.json");
    std::fs::write(&body, &card.body)?;
    command.arg("bare").arg("--body").arg(body).args(["--redis", &district.redis_url]);
    command.args(["--workers", &district.workers.to_string()]);
    for line in card.head.lines().skip(1) {
        // The server adds these two by itself.
        let own = ["content-length", "date"].iter().any(|own| line.to_ascii_lowercase().starts_with(own));
        if !own {
            command.args(["--header", line]);
        }
    }
    Server::start(command, &district.dir.join("bare.log"))
}

struct Sides<'a> {
    district: &'a District,
    codes: &'a [String],
    bare: &'a Server,
    rounds: usize,
}

impl Sides<'_> {
    /// The service's CPU time against the bare handler's, in the same frame and alone, in interleaved
    /// rounds.
    async fn compare(
        &self,
        service: &Server,
        bare_path: &str,
        count: u64,
        report: &mut Report,
        (what, most): (&str, f64),
    ) -> anyhow::Result<()> {
        let loads = [
            (service, self.load(service.port, "/api/v1/codes")),
            (self.bare, self.load(self.bare.port, &format!("/framed/{bare_path}"))),
            (self.bare, self.load(self.bare.port, &format!("/{bare_path}"))),
        ];
        for (_, load) in &loads {
            load.run(0, WARM_UP).await?;
        }
        let mut sides = [const { Vec::new() }; 3];
        for _ in 0..self.rounds {
            for (side, (server, load)) in sides.iter_mut().zip(&loads) {
                side.push(self.round(load, server, count).await?);
            }
        }
        let [cards, framed, alone] = &sides;
        Report::side("scan card", cards)?;
        Report::side("bare handler in the service's frame", framed)?;
        Report::side("bare handler alone", alone)?;
        let ratio =
            |bares: &[Round]| median(cards.iter().zip(bares).map(|(card, bare)| card.service / bare.service));
        report.target(what, ratio(framed), most, "")?;
        Report::figure(&format!("{what} without the frame"), ratio(alone), "")
    }

    fn load(&self, port: u16, folder: &str) -> Load {
        let requests: Vec<Bytes> =
            self.codes.iter().map(|code| get(&format!("{folder}/{code}"), "")).collect();
        let requests = Arc::new(move |number: u64| {
            let at = usize::try_from(number).unwrap_or(0) % requests.len();
            requests.get(at).cloned().unwrap_or_default()
        });
        Load { port, connections: CONNECTIONS, status: 200, requests }
    }

    async fn round(&self, load: &Load, server: &Server, count: u64) -> anyhow::Result<Round> {
        let (front, redis) = (Watched::Alone(server.pid), Watched::Alone(self.district.redis_pid));
        let before = (front.cpu()?, redis.cpu()?);
        let run = load.run(0, count).await?;
        let (service, behind) = (front.cpu()? - before.0, redis.cpu()? - before.1);
        Ok(Round { run: Some(run), service: micros_each(service, count), behind: micros_each(behind, count) })
    }
}
