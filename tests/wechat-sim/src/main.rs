//! The simulator as a program, for the local run. Stops on SIGTERM or Ctrl-C.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::Context;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use url::Url;
use wechat_sim::{SimOptions, Simulator};

/// A simulator of WeChat's servers for one mini-program.
#[derive(Parser)]
#[command(name = "wechat-sim", version)]
struct Arguments {
    /// The port to listen on; 0 takes a free one.
    #[arg(long)]
    port: u16,
    /// The address to listen on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// The mini-program's id.
    #[arg(long)]
    appid: String,
    /// The mini-program's secret.
    #[arg(long)]
    secret: String,
    /// Makes codes and tokens the same in every run.
    #[arg(long)]
    seed: Option<u64>,
    /// The service's public address: links in its folder `c/` open the mini-program.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    public_url: Url,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;

    let address = SocketAddr::from((arguments.host, arguments.port));
    let options = SimOptions {
        address,
        // A restart must not give out the codes of the run before.
        seed: arguments.seed.unwrap_or_else(rand::random),
        ..SimOptions::new(arguments.appid, arguments.secret)
    }
    .with_public_url(&arguments.public_url)
    .with_context(|| format!("{} cannot be a public address", arguments.public_url))?;
    let running = Simulator::start(options).with_context(|| format!("cannot listen on {address}"))?;
    writeln!(std::io::stdout(), "wechat-sim ready {}", running.base_url())?;

    // Outside of tests nobody says when: pushes leave by themselves.
    let sim = running.sim().clone();
    let postman = tokio::spawn(async move {
        let mut rounds = tokio::time::interval(std::time::Duration::from_millis(500));
        loop {
            rounds.tick().await;
            if let Err(error) = sim.deliver().await {
                // The page of the run is its log; the program goes on.
                let _ = writeln!(std::io::stderr(), "wechat-sim: {error}");
            }
        }
    });
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    postman.abort();
    running.stop().await.context("the server had failed")
}
