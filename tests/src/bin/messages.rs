//! A storm of messages, and how fast one worker sends: `scripts/messages`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for the terminal, which says what is wrong and ends"
)]

use std::time::Instant;

use tests::storm::{Storm, race};
use tests::{App, Backend, Setup};

const USAGE: &str = "messages storm [MESSAGES [KILLS]] | messages race [MESSAGES [ROUNDS]]";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: usize| -> usize {
        arguments.get(at).map_or(usual, |number| number.parse().expect(USAGE))
    };
    match arguments.first().map(String::as_str) {
        Some("storm") => storm(number(1, 20_000), number(2, 30)).await,
        Some("race") => run_race(number(1, 5_000), number(2, 5)).await,
        _ => panic!("{USAGE}"),
    }
}

async fn storm(messages: usize, kills: usize) {
    let app = App::spawn_with(Setup::on(Backend::chosen()).templates()).await;
    let started = Instant::now();
    let fates = Storm { messages, users: messages.div_ceil(2), kills }.rage(&app).await;
    for ((state, reason), count) in &fates {
        println!("{count:>8}  {state}  {reason}");
    }
    println!(
        "{messages} messages, every twentieth call a fault, {kills} kills: all accounted for in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    app.stop().await;
}

async fn run_race(messages: usize, rounds: usize) {
    let mut shares = Vec::new();
    for _ in 0..rounds {
        let app = App::spawn_with(Setup::on(Backend::chosen()).templates()).await;
        let race = race(&app, messages).await;
        let share = race.service / race.bare;
        println!("one worker {:.0}/s, bare loop {:.0}/s: {share:.2}", race.service, race.bare);
        shares.push(share);
        app.stop().await;
    }
    shares.sort_by(f64::total_cmp);
    let median = shares.get(shares.len() / 2).copied().unwrap_or_default();
    println!("median {median:.2}; wanted: at least 0.50");
    assert!(median >= 0.5, "one worker is too slow");
}
