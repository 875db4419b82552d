//! Measures the service: each figure beside the least that the same work could cost, in one run.
//!
//! `scripts/bench` starts PostgreSQL and Redis and runs this; `docs/BENCHMARKS.md` says how to read what
//! it prints. It knows the service only from outside: its program, its configuration, its HTTP; [`bare`]
//! alone borrows the service's outermost layer. Start reading at [`pairs`].

mod bare;
mod cpu;
mod district;
mod grown;
mod load;
mod pairs;
mod process;
mod report;

use std::path::PathBuf;

use actix_web::http::header::{HeaderName, HeaderValue};
use anyhow::Context;
use clap::{Parser, Subcommand};
use url::Url;

use bare::Canned;
use district::District;
use report::Report;

/// Measures the service.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure.
    Run(Box<Arguments>),
    /// Fill a database that has the demo district with years of cases.
    Grow {
        /// The database.
        #[arg(long)]
        database: String,
        /// Where psql is.
        #[arg(long)]
        postgres_bin: PathBuf,
        /// How many.
        #[arg(long, default_value_t = 1_000_000)]
        cases: u32,
    },
    /// Serve bare handlers: the bench starts this by itself.
    Bare {
        /// What is answered.
        #[arg(long)]
        body: PathBuf,
        /// With these headers.
        #[arg(long)]
        header: Vec<String>,
        /// The Redis of `/redis`.
        #[arg(long)]
        redis: String,
        /// Threads that answer.
        #[arg(long)]
        workers: usize,
    },
}

/// What `scripts/bench` has started, and where.
#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// A folder of its own.
    #[arg(long)]
    dir: PathBuf,
    /// The service's program.
    #[arg(long)]
    api: PathBuf,
    /// PostgreSQL's maintenance database.
    #[arg(long)]
    postgres: Url,
    /// PostgreSQL's first process.
    #[arg(long)]
    postgres_pid: u32,
    /// Where psql and pgbench are.
    #[arg(long)]
    postgres_bin: PathBuf,
    /// Redis.
    #[arg(long)]
    redis: Url,
    /// Redis's process.
    #[arg(long)]
    redis_pid: u32,
    /// Interleaved rounds of every pair.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The cases of the larger town of `growth`.
    #[arg(long, default_value_t = 1_000_000)]
    cases: u32,
    /// The parts to measure; all but `growth` when none is named.
    parts: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Run(arguments) => {
            let load = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            load.block_on(measure(*arguments))
        }
        Command::Grow { database, postgres_bin, cases } => grown::grow(&postgres_bin, &database, cases),
        Command::Bare { body, header, redis, workers } => {
            let headers = header.iter().map(|line| parse_header(line)).collect::<anyhow::Result<_>>()?;
            let body = std::fs::read(body)?.into();
            let serving = bare::serve(Canned { headers, body }, &redis, workers);
            actix_web::rt::System::new().block_on(serving)
        }
    }
}

fn parse_header(line: &str) -> anyhow::Result<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':').with_context(|| format!("no header: {line}"))?;
    Ok((name.trim().parse()?, value.trim().parse()?))
}

async fn measure(arguments: Arguments) -> anyhow::Result<()> {
    let (rounds, parts) = (arguments.rounds, arguments.parts.clone());
    let named = |part: &str| parts.iter().any(|wanted| wanted == part);
    let wanted = |part: &str| parts.is_empty() || named(part);
    let mut report = Report::default();
    if named("growth") {
        pairs::growth::run(&arguments, &mut report).await?;
    }
    if parts.iter().all(|part| part == "growth") && !parts.is_empty() {
        return report.close();
    }
    let district = District::found(arguments, "bench")?;
    if wanted("scan") {
        pairs::scan::run(&district, &mut report, rounds).await?;
    }
    if wanted("intake") {
        pairs::intake::run(&district, &mut report, rounds).await?;
    }
    if wanted("list") {
        pairs::list::run(&district, rounds).await?;
    }
    if wanted("start") {
        pairs::start::run(&district, &mut report, rounds).await?;
    }
    if wanted("soak") {
        pairs::soak::run(&district, &mut report).await?;
    }
    if wanted("photo") {
        pairs::photo::run(&district, &mut report, rounds).await?;
    }
    district.close().await?;
    report.close()
}
