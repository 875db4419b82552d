//! Programs that the harness starts: signals to them, and whether they have ended.

use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use crate::patience::holds_within;

/// Sends a signal by its name without `SIG`.
pub(crate) fn signal(child: &Child, name: &str) {
    signal_all(&[child.id()], name);
}

/// Sends a signal to the program, and to the processes that it has started.
pub(crate) fn signal_family(child: &Child, name: &str) {
    let id = child.id();
    // Itself first: then it starts no more of them.
    signal(child, name);
    let list = format!("/proc/{id}/task/{id}/children");
    let children = std::fs::read_to_string(&list).unwrap_or_else(|error| panic!("{list}: {error}"));
    let children: Vec<u32> = children.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    signal_all(&children, name);
}

/// By the shell: a small system has no program of the name.
fn signal_all(ids: &[u32], name: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", r#"kill -s "$0" "$@""#, name]).args(ids.iter().map(u32::to_string));
    let sent = command.status();
    assert!(sent.is_ok_and(|status| status.success()), "SIG{name} can't be sent to {ids:?}");
}

/// Whether it has ended.
pub(crate) fn has_ended(child: &mut Child) -> bool {
    find_status(child).is_some()
}

/// How it ended; `None` while it runs.
pub(crate) fn find_status(child: &mut Child) -> Option<ExitStatus> {
    child.try_wait().unwrap_or_else(|error| panic!("process {}: {error}", child.id()))
}

/// Waits for its end; `None` when it goes on for longer.
pub(crate) async fn ends_within(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let mut status = None;
    holds_within(limit, async || {
        status = find_status(child);
        status.is_some()
    })
    .await;
    status
}

/// Ends it at once, whatever it does: for a test that is over, which has nobody to tell.
pub(crate) fn discard(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
