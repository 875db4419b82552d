//! The command line of the service.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use api::clock::{Clock, SharedClock, SystemClock};
use api::code_commands::{self, Codes};
use api::config::Config;
use api::doctor::{self, Verdict};
use api::ids::Ids;
use api::reference::{self, Page};
use api::service::{audit, demo, founding};
use api::startup::{self, Application};
use api::state::AppState;
use api::store::{Database, migrate, outbox};
use api::terminal_qr;
use clap::{Parser, Subcommand};
use domain::ids::JobId;
use domain::text::Name;
use domain::vocabulary::Level;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How many dead jobs are listed at once.
const LISTED: u64 = 100;

/// 委员码上见
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    /// The configuration file; the environment overrides it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve HTTP and run jobs.
    Serve,
    /// Run jobs only.
    Work,
    /// Bring the database's schema up to this version.
    Migrate,
    /// Found a committee that has none above it, and print how its first admin logs in.
    Found {
        /// As it is called.
        #[arg(long)]
        name: Name,
        /// `national`, `province`, `city` or `district`.
        #[arg(long)]
        level: Level,
        /// The admin's login name.
        #[arg(long)]
        login: Name,
    },
    /// Check that the audit log is whole, and print where it ends.
    VerifyAudit,
    /// Load the demo district once, and print how to try it, as JSON.
    Demo,
    /// Draw a link as a QR code for the terminal.
    Qr {
        /// The link.
        link: String,
    },
    /// Verify codes in photos, draw posters, draw many at once.
    Codes {
        #[command(subcommand)]
        command: Codes,
    },
    /// Check the configuration and say all that is wrong with it.
    CheckConfig,
    /// Check everything that the service rests on.
    Doctor,
    /// Print the OpenAPI document.
    Openapi,
    /// Print a page of the reference, as Markdown.
    Reference {
        /// Which one.
        page: Page,
    },
    /// Jobs that were given up.
    Jobs {
        #[command(subcommand)]
        command: Jobs,
    },
}

#[derive(Debug, Subcommand)]
enum Jobs {
    /// List them, the oldest first.
    Dead,
    /// Send one of them again, or all.
    Retry {
        /// The job's id, or `all`.
        which: Which,
    },
}

/// One job or all.
#[derive(Debug, Clone, Copy)]
enum Which {
    All,
    One(JobId),
}

impl std::str::FromStr for Which {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    match &cli.command {
        Command::Openapi => return print_openapi(),
        Command::Reference { page } => return print_reference(*page),
        Command::Qr { link } => return print_qr(link),
        _ => {}
    }
    let config = Config::load(cli.config.as_deref())?;
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        anyhow::bail!("another crypto provider is installed");
    }
    match cli.command {
        Command::Serve => serve(config).await?,
        Command::Work => work(config).await?,
        Command::Migrate => migrate(config).await?,
        Command::Found { name, level, login } => found(config, name, level, login).await?,
        Command::VerifyAudit => return verify_audit(config).await,
        Command::Demo => load_demo(config).await?,
        Command::CheckConfig => say("the configuration is good")?,
        Command::Doctor => return examine(config).await,
        Command::Jobs { command } => jobs(config, command).await?,
        Command::Codes { command } => {
            let clock: SharedClock = Arc::new(SystemClock);
            return code_commands::run(config, clock, command, &mut std::io::stdout()).await;
        }
        Command::Openapi | Command::Reference { .. } | Command::Qr { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn start(config: &Config) -> (SharedClock, Ids) {
    api::telemetry::init(&config.telemetry);
    api::telemetry::log_panics();
    let clock: SharedClock = Arc::new(SystemClock);
    (clock.clone(), Ids::random(clock))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let (clock, ids) = start(&config);
    let host = config.server.host.clone();
    let stop = stop_on_signals()?;
    let application = Application::build(config, clock, ids).await?;
    say(&format!("ready http://{host}:{}", application.port()?))?;
    application.run_with_jobs(stop).await
}

async fn work(config: Config) -> anyhow::Result<()> {
    let (clock, ids) = start(&config);
    let stop = stop_on_signals()?;
    startup::work(startup::build_state(config, clock, ids).await?, stop).await
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    let db = Database::connect(&config.database).await.context("connecting to the database")?;
    migrate::migrate(&db).await.context("migrating")?;
    db.close().await?;
    say("the schema is up to date")
}

async fn found(config: Config, name: Name, level: Level, login: Name) -> anyhow::Result<()> {
    let state = quiet_state(config).await?;
    let founded =
        founding::found(&state, name, level, login.clone()).await.context("founding a committee")?;
    state.db.clone().close().await?;
    let (id, login, password) = (founded.committee_id, login.as_str(), founded.password);
    say(&format!("committee {id} is founded"))?;
    say(&format!("its admin logs in as {login} with the password {password}"))?;
    say("change the password by PUT /api/v1/me/password: it is shown this once")
}

async fn verify_audit(config: Config) -> anyhow::Result<ExitCode> {
    let state = quiet_state(config).await?;
    let verdict = audit::verify(&state).await.context("reading the audit log")?;
    state.db.clone().close().await?;
    match verdict {
        audit::Verdict::Whole { last, hash } => {
            say(&format!("the audit log is whole: {last} entries, the last hash is {hash}"))?;
            Ok(ExitCode::SUCCESS)
        }
        audit::Verdict::Broken { at } => {
            say(&format!("the audit log was tampered with: entry {at} does not follow from the one before"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The parts of the service for one command, whose output is not mixed with logs.
async fn quiet_state(config: Config) -> anyhow::Result<AppState> {
    let clock: SharedClock = Arc::new(SystemClock);
    let ids = Ids::random(clock.clone());
    startup::build_state(config, clock, ids).await
}

async fn load_demo(config: Config) -> anyhow::Result<()> {
    let state = quiet_state(config).await?;
    let demo = demo::load(&state).await.context("loading the demo district")?;
    state.db.clone().close().await?;
    say(&serde_json::to_string_pretty(&demo)?)
}

async fn examine(config: Config) -> anyhow::Result<ExitCode> {
    let clock: SharedClock = Arc::new(SystemClock);
    let findings = doctor::examine(&config, &clock).await;
    for finding in &findings {
        say(&finding.to_string())?;
    }
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn jobs(config: Config, command: Jobs) -> anyhow::Result<()> {
    let db = Database::connect(&config.database).await.context("connecting to the database")?;
    match command {
        Jobs::Dead => {
            for job in outbox::list_dead(db.reader(), LISTED).await? {
                let (id, kind, payload) = (job.id, job.kind, job.payload);
                let (attempts, reason) = (job.attempts, job.last_error.unwrap_or_default());
                let since = job.created_at.to_rfc3339();
                say(&format!("{id} {kind} {payload} since {since}, {attempts} tries: {reason}"))?;
            }
        }
        Jobs::Retry { which } => {
            let only = match which {
                Which::All => None,
                Which::One(id) => Some(id),
            };
            let sent = outbox::resend(db.reader(), only, SystemClock.now()).await?;
            say(&format!("{sent} job(s) sent again"))?;
        }
    }
    Ok(db.close().await?)
}

fn print_openapi() -> anyhow::Result<ExitCode> {
    let document = serde_json::to_string_pretty(&api::routes::openapi::openapi())?;
    say(&document)?;
    Ok(ExitCode::SUCCESS)
}

fn print_reference(page: Page) -> anyhow::Result<ExitCode> {
    say(reference::render(page)?.trim_end_matches('\n'))?;
    Ok(ExitCode::SUCCESS)
}

fn print_qr(link: &str) -> anyhow::Result<ExitCode> {
    let matrix = qr::Matrix::encode(link, qr::Level::Low)?;
    say(terminal_qr::draw(&matrix).trim_end_matches('\n'))?;
    Ok(ExitCode::SUCCESS)
}

/// A plain line on standard output, also between JSON logs; flushed, since scripts wait for it.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The first SIGTERM or SIGINT asks everything to stop; the second one ends the process at once.
fn stop_on_signals() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if asked.is_cancelled() {
                std::process::exit(130);
            }
            tracing::info!("stopping");
            asked.cancel();
        }
    });
    Ok(stop)
}
