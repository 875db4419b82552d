//! What comes in broken, false or far too large is refused in one shape, and leaves nothing behind.

mod bodies;
mod codes;
mod pictures;
mod texts;

use tests::App;

/// The tables that a refused request must not touch.
const KEPT: [&str; 5] = ["cases", "case_events", "uploads", "idempotency_keys", "outbox"];

/// Nothing was stored: no row, no file.
async fn expect_nothing_kept(app: &App) {
    for table in KEPT {
        assert_eq!(app.db_count(table, None).await, 0, "{table}");
    }
    assert_eq!(app.file_count(), 0, "files");
}

/// The most memory that this process has ever had, in KiB (`VmHWM`).
fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}
