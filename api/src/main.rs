//! The command line of the service.

use std::path::PathBuf;
use std::sync::Arc;

use api::clock::{SharedClock, SystemClock};
use api::config::Config;
use api::ids::Ids;
use api::startup::Application;
use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

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
    /// Serve HTTP.
    Serve,
    /// Check the configuration and say all that is wrong with it.
    CheckConfig,
    /// Print the OpenAPI document.
    Openapi,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.command {
        Command::Serve => serve(Config::load(cli.config.as_deref())?).await,
        Command::CheckConfig => {
            Config::load(cli.config.as_deref())?;
            Ok(())
        }
        Command::Openapi => Ok(()),
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    api::telemetry::init(&config.telemetry);
    let clock: SharedClock = Arc::new(SystemClock);
    let ids = Ids::random(clock.clone());
    let application = Application::build(config, clock, ids).await?;
    application.run(CancellationToken::new()).await
}
