//! What was measured, as lines for people: medians of interleaved rounds, and ratios against targets.

use std::io::Write;
use std::time::Duration;

use crate::load::{Run, as_f64};

/// One round of one side of a pair.
#[derive(Debug)]
pub(crate) struct Round {
    /// What the load saw; pgbench brings no latencies.
    pub(crate) run: Option<Run>,
    /// CPU time for one request, in µs: of the service, and of what lies behind it.
    pub(crate) service: f64,
    pub(crate) behind: f64,
}

impl Round {
    pub(crate) fn total(&self) -> f64 {
        self.service + self.behind
    }
}

/// CPU time for one of `count`, in µs.
pub(crate) fn micros_each(cpu: Duration, count: u64) -> f64 {
    cpu.as_secs_f64() * 1e6 / as_f64(count)
}

/// The middle one.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Writes lines and remembers whether a target was missed.
#[derive(Debug, Default)]
pub(crate) struct Report {
    missed: Vec<String>,
}

impl Report {
    /// A plain line.
    pub(crate) fn say(line: &str) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }

    /// The head of a part.
    pub(crate) fn part(name: &str) -> anyhow::Result<()> {
        Self::say(&format!("\n== {name}"))?;
        Self::say("                                      service µs  behind µs     req/s   p50 ms   p99 ms")
    }

    /// One side of a pair, by its medians.
    pub(crate) fn side(name: &str, rounds: &[Round]) -> anyhow::Result<()> {
        let of = |value: fn(&Round) -> f64| median(rounds.iter().map(value));
        let runs = || rounds.iter().filter_map(|round| round.run.as_ref());
        let millis = |percent| median(runs().map(|run| run.percentile(percent).as_secs_f64() * 1e3));
        let (service, behind) = (of(|round| round.service), of(|round| round.behind));
        let seen = if runs().next().is_none() {
            String::new()
        } else {
            let per_second = median(runs().map(Run::per_second));
            format!("  {per_second:>8.0} {:>8.2} {:>8.2}", millis(50), millis(99))
        };
        Self::say(&format!("{} {service:>11.1} {behind:>10.1}{seen}", padded(name, 37)))
    }

    /// A figure against the most that it should be.
    pub(crate) fn target(&mut self, what: &str, value: f64, most: f64, unit: &str) -> anyhow::Result<()> {
        let met = value <= most;
        let verdict = if met { "met" } else { "MISSED" };
        if !met {
            self.missed.push(format!("{what}: {value:.2}{unit}, target {most:.2}{unit}"));
        }
        Self::say(&format!("-> {what}: {value:.2}{unit} (target: at most {most:.2}{unit}) {verdict}"))
    }

    /// A page of a list in two towns: CPU time in µs in the small and the large one, and their ratio.
    pub(crate) fn ratio(
        &mut self,
        list: &str,
        page: usize,
        (small, large, ratio): (f64, f64, f64),
        most: f64,
    ) -> anyhow::Result<()> {
        let verdict = if ratio <= most { "" } else { " MISSED" };
        if ratio > most {
            self.missed.push(format!("{list}, page {page}: {ratio:.2}, target {most:.2}"));
        }
        let name = padded(&format!("{list}, page {page}"), 58);
        Self::say(&format!("{name} {small:>9.0} {large:>10.0} {ratio:>7.2}{verdict}"))
    }

    /// A figure without a target.
    pub(crate) fn figure(what: &str, value: f64, unit: &str) -> anyhow::Result<()> {
        Self::say(&format!("-> {what}: {value:.2}{unit}"))
    }

    /// The end: which targets were missed.
    pub(crate) fn close(self) -> anyhow::Result<()> {
        if self.missed.is_empty() {
            return Self::say("\nall targets met");
        }
        Self::say(&format!("\nmissed {}:\n  {}", self.missed.len(), self.missed.join("\n  ")))
    }
}

/// Filled up with blanks to so many characters.
fn padded(text: &str, width: usize) -> String {
    format!("{text:<width$}")
}
