//! Every list of cases that a screen shows, in a town of 10,000 cases and in one of a hundred times as many:
//! the first page and the 1,000th, or the last that there is.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use crate::cpu::Watched;
use crate::district::District;
use crate::grown::grow;
use crate::load::{Load, get, once};
use crate::process::Server;
use crate::report::{Report, median, micros_each};

const SMALL: u32 = 10_000;
const CONNECTIONS: usize = 8;
const COUNT: u64 = 400;
/// The 1,000th page of 20 begins after this many cases.
const DEEP: usize = 20 * 999;
/// The most CPU time, of the service and the database, beside the smaller town.
const TARGET: f64 = 1.5;

/// Who looks at which lists.
const LISTS: [(&str, &[&str]); 5] = [
    ("demo-resident", &[""]),
    ("demo-member", &["view=assigned&list=todo", "view=assigned&list=waiting", "view=assigned&list=done"]),
    (
        "demo-manager",
        &[
            "view=station",
            "view=station&sort=created",
            "view=station&sort=due&state=assigned&state=in_progress",
            "view=station&sort=due&overdue=true",
            "view=station&stage=supervised",
            "view=station&state=closed",
            "view=station&category=CATEGORY",
            "view=station&member=MEMBER",
            "view=station&q=电梯",
            "view=station&q=喷泉",
        ],
    ),
    ("demo-officer", &["view=dispatched", "view=dispatched&sort=due"]),
    (
        "demo-admin",
        &[
            "view=committee",
            "view=committee&sort=due&stage=supervised",
            "view=committee&stage=supervised",
            "view=committee&sort=due&overdue=true",
            "view=committee&state=closed",
            "view=committee&category=CATEGORY",
            "view=committee&station=STATION",
            "view=committee&member=MEMBER",
            "view=committee&q=电梯",
            "view=committee&q=喷泉",
            "view=committee&q=物业 配件",
        ],
    ),
];

/// A district, served.
struct Town {
    district: District,
    service: Server,
}

/// Requests for a list's first page and for a late one, if the list is that long.
struct Pages {
    first: Bytes,
    late: Option<Bytes>,
    /// Cases before the late page.
    before: usize,
}

/// Fills two towns and measures their lists side by side.
pub(crate) async fn run(arguments: &crate::Arguments, report: &mut Report) -> anyhow::Result<()> {
    let (small, large) = (SMALL, arguments.cases);
    Report::say(&format!("\n== lists of {large} cases beside those of {small}"))?;
    let small = Town::open(arguments, "small", small)?;
    let large = Town::open(arguments, "large", large)?;
    Report::say("                                                            small µs   large µs   ratio")?;
    for (user, lists) in LISTS {
        let small_user = small.district.user(small.service.port, user).await?;
        let large_user = large.district.user(large.service.port, user).await?;
        for list in lists {
            let beside = small.pages(&small_user, list).await?;
            let pages = large.pages(&large_user, list).await?;
            let name = format!("{} {list}", user.trim_start_matches("demo-"));
            let costs = compare(arguments.rounds, (&small, &beside.first), (&large, &pages.first)).await?;
            report.ratio(&name, 1, costs, TARGET)?;
            let Some(late) = pages.late else { continue };
            let beside = beside.late.unwrap_or(beside.first);
            let costs = compare(arguments.rounds, (&small, &beside), (&large, &late)).await?;
            report.ratio(&name, 1 + pages.before / 20, costs, TARGET)?;
        }
    }
    for town in [small, large] {
        town.service.stop()?;
        town.district.close().await?;
    }
    Ok(())
}

/// CPU time of one request in µs, in both towns, and the ratio.
async fn compare(
    rounds: usize,
    small: (&Town, &Bytes),
    large: (&Town, &Bytes),
) -> anyhow::Result<(f64, f64, f64)> {
    let (mut smalls, mut larges, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let beside = small.0.cost(small.1).await?;
        let cost = large.0.cost(large.1).await?;
        smalls.push(beside);
        larges.push(cost);
        ratios.push(cost / beside);
    }
    Ok((median(smalls), median(larges), median(ratios)))
}

impl Town {
    fn open(arguments: &crate::Arguments, name: &'static str, cases: u32) -> anyhow::Result<Self> {
        let district = District::found(arguments.clone(), name)?;
        grow(&arguments.postgres_bin, &district.postgres.url, cases)?;
        // Jobs wait: what they cost is not what a list costs.
        let service = district.serve("jobs.parallel = 0")?;
        Ok(Self { district, service })
    }

    /// CPU time of one request in µs: of the service and of the whole database server, in which the other
    /// town rests meanwhile.
    async fn cost(&self, request: &Bytes) -> anyhow::Result<f64> {
        let request = request.clone();
        let requests = Arc::new(move |_: u64| request.clone());
        let load = Load { port: self.service.port, connections: CONNECTIONS, status: 200, requests };
        load.run(0, COUNT / 10).await?;
        let (front, back) =
            (Watched::Alone(self.service.pid), Watched::WithChildren(self.district.postgres.pid));
        let before = front.cpu()? + back.cpu()?;
        load.run(0, COUNT).await?;
        Ok(micros_each(front.cpu()? + back.cpu()? - before, COUNT))
    }

    async fn pages(&self, user: &str, list: &str) -> anyhow::Result<Pages> {
        let list = self.named(list)?;
        let page = |limit: usize, cursor: Option<&str>| {
            let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            get(&format!("/api/v1/cases?{list}&limit={limit}{cursor}"), user)
        };
        let (mut before, mut cursor, mut last_full) = (0, None::<String>, None);
        while before < DEEP {
            let limit = (DEEP - before).min(100);
            let answer = once(self.service.port, &page(limit, cursor.as_deref())).await?.json(200)?;
            let next = answer.pointer("/next_cursor").and_then(serde_json::Value::as_str);
            let Some(next) = next.map(str::to_owned) else { break };
            if let Some(passed) = cursor.replace(next) {
                last_full = Some((before, passed));
            }
            before += limit;
        }
        // The page after the last cursor may be a short one; the one before is not.
        let late = if before < DEEP { last_full } else { cursor.map(|cursor| (before, cursor)) };
        let before = late.as_ref().map_or(0, |(before, _)| *before);
        let late = late.map(|(_, cursor)| page(20, Some(&cursor)));
        Ok(Pages { first: page(20, None), late, before })
    }

    /// The list with the ids of this town in it (the demo member, his station, and what is asked most), and its
    /// words as they stand in a URL.
    fn named(&self, list: &str) -> anyhow::Result<String> {
        let mut list = list.to_owned();
        for (name, column) in
            [("CATEGORY", "category_id"), ("STATION", "station_id"), ("MEMBER", "member_id")]
        {
            if list.contains(name) {
                let sql = format!(
                    "SELECT {column} FROM cases WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
                );
                let id = self.district.postgres.query(&sql)?;
                list = list.replace(name, id.lines().next().context("no cases")?.trim());
            }
        }
        // Words come last.
        if let Some((rest, words)) = list.split_once("q=") {
            let words: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
            list = format!("{rest}q={words}");
        }
        Ok(list)
    }
}
