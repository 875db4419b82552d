//! Lives a whole year of a town on the test clock, and looks that everything is accounted for: `scripts/year`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for the terminal, which says what is wrong and ends"
)]

use std::time::Instant;

use tests::year::{Life, Year, check};
use tests::{App, Backend, Setup};

const USAGE: &str = "year [--days N] [--cases-a-day N] [--seed N]";

#[tokio::main]
async fn main() {
    let year = arguments();
    let app = App::spawn_with(Setup::on(Backend::chosen()).unlimited()).await;
    let (since, started) = (app.now(), Instant::now());
    let tally = Life::live(&app, year).await;
    let lived = started.elapsed();
    check(&app, tally["report"], since).await;
    for (what, times) in &tally {
        println!("{times:>8}  {what}");
    }
    let done: u64 = tally.values().sum();
    println!(
        "{} days with {done} deeds in {:.0} s, checked in {:.0} s: everything is accounted for (seed {})",
        year.days,
        lived.as_secs_f64(),
        (started.elapsed() - lived).as_secs_f64(),
        year.seed,
    );
    app.stop().await;
}

fn arguments() -> Year {
    let mut year = Year { days: 365, cases_a_day: 40, seed: 1 };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value: u64 = arguments.next().and_then(|value| value.parse().ok()).expect(USAGE);
        match name.as_str() {
            "--days" => year.days = value.try_into().expect(USAGE),
            "--cases-a-day" => year.cases_a_day = value.try_into().expect(USAGE),
            "--seed" => year.seed = value,
            _ => panic!("{USAGE}"),
        }
    }
    year
}
