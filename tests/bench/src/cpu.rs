//! CPU time and memory of processes, as the kernel accounts for them in `/proc`.
//!
//! CPU time is user + system. The kernel hands it out in steps of 10 ms, so a round has to burn some
//! hundred milliseconds before its figure means something.

use std::time::Duration;

use anyhow::Context;

/// `/proc` counts in units of 1/100 s on every Linux (proc_pid_stat(5), USER_HZ).
const TICK: Duration = Duration::from_millis(10);

/// One process, or one with all its children: a PostgreSQL server works in its children.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Watched {
    /// This process with all its threads.
    Alone(u32),
    /// This process, its children, and those of its children that have ended.
    WithChildren(u32),
}

/// The fields of `/proc/PID/stat` that are of use here.
struct Stat {
    parent: u32,
    own: u64,
    reaped: u64,
}

impl Stat {
    /// The 2nd field is the program's name and may hold blanks; everything is counted from its end.
    fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own: number(11)? + number(12)?,
            reaped: number(13)? + number(14)?,
        })
    }

    fn of(pid: u32) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }
}

impl Watched {
    /// The CPU time that it has used since its start.
    pub(crate) fn cpu(self) -> anyhow::Result<Duration> {
        let pid = match self {
            Self::Alone(pid) | Self::WithChildren(pid) => pid,
        };
        let root = Stat::of(pid).with_context(|| format!("process {pid} has ended"))?;
        let ticks = match self {
            Self::Alone(_) => root.own,
            Self::WithChildren(_) => root.own + root.reaped + children(pid)?,
        };
        Ok(TICK * u32::try_from(ticks)?)
    }
}

fn children(parent: u32) -> anyhow::Result<u64> {
    let mut ticks = 0;
    for entry in std::fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // A process may end while the list is read; its parent then counts it as reaped.
        let Some(stat) = Stat::of(pid) else { continue };
        if stat.parent == parent {
            ticks += stat.own + stat.reaped;
        }
    }
    Ok(ticks)
}

/// Resident memory of a process in KiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Now.
    pub(crate) resident: u64,
    /// The most since the start, or since [`forget_peak`].
    pub(crate) peak: u64,
}

/// How much memory a process holds.
pub(crate) fn memory(pid: u32) -> anyhow::Result<Memory> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("a field is missing")?;
        anyhow::Ok(line.trim().trim_end_matches(" kB").parse::<u64>()?)
    };
    Ok(Memory { resident: field("VmRSS:")?, peak: field("VmHWM:")? })
}

/// Sets the peak back to what is resident now (proc_pid_clear_refs(5)).
pub(crate) fn forget_peak(pid: u32) -> anyhow::Result<()> {
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").context("the peak can't be set back")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_from_behind_the_name() {
        let stat = Stat::parse("7 (a b) c) S 3 7 7 0 -1 4 100 0 0 0 250 50 20 5 20 0 9 0 100 1 2").unwrap();
        assert_eq!((stat.parent, stat.own, stat.reaped), (3, 300, 25));
        assert!(Stat::parse("nonsense").is_none());
    }
}
