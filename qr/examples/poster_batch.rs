//! Writes posters of one batch as one PDF document, each with a code of its own, and tells what that costs.
//!
//! `cargo run --release -p qr --example poster_batch -- FILE COUNT` prints one line; with COUNT 200 and 2000 it shows
//! whether memory grows with the pages.

use std::fs::{File, read_to_string};
use std::io::{BufWriter, Write as _};

use qr::poster::{Margin, Paper, Poster, PosterKind, Posters, Print};
use rustix::time::{ClockId, clock_gettime};

#[path = "support/samples.rs"]
mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let count: u32 = arguments.next().ok_or("how many posters?")?.parse()?;
    let posters = Posters::load()?;
    let loaded_kb = memory_kb("VmRSS")?;

    let before = cpu_s();
    let mut document = posters.document(BufWriter::new(File::create(&file)?))?;
    for number in 0..count {
        let mut poster = samples::poster(PosterKind::Station, samples::NAMES[0]);
        if let Poster::Station { station, code } = &mut poster {
            station.name = format!("青禾街道第 {number} 委员工作站");
            code.link = samples::link(number);
        }
        document.add(&poster, Print { paper: Paper::A4, margin: Margin::None })?;
    }
    document.finish()?.flush()?;
    let spent = cpu_s() - before;

    writeln!(
        std::io::stdout(),
        "{count} posters: {spent:.2} s of CPU, {:.0} a second, {} kB a file of {} kB; resident {loaded_kb} kB with \
         fonts and templates, {} kB at most",
        f64::from(count) / spent,
        std::fs::metadata(&file)?.len() / 1000 / u64::from(count.max(1)),
        std::fs::metadata(&file)?.len() / 1000,
        memory_kb("VmHWM")?
    )?;
    Ok(())
}

/// What the system says of this process's memory.
fn memory_kb(name: &str) -> Result<u64, Box<dyn std::error::Error>> {
    let status = read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    Ok(line.and_then(|line| line.split_whitespace().next()).ok_or("no such line")?.parse()?)
}

#[allow(clippy::cast_precision_loss, reason = "a run takes minutes at most")]
fn cpu_s() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}
