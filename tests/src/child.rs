//! Programs that the harness starts: signals to them, and whether they have ended.

use std::process::{Child, ExitStatus};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};

use crate::patience::holds_within;

/// Sends a signal.
pub(crate) fn signal(child: &Child, signal: Signal) {
    send(pid(child.id()), signal);
}

/// Stops the program and the processes that it has started where they are.
pub(crate) fn pause_family(child: &Child) {
    // Itself first: then it starts no more of them.
    signal(child, Signal::STOP);
    for id in children(child) {
        send(id, Signal::STOP);
    }
}

/// Ends a [`pause_family`].
pub(crate) fn resume_family(child: &Child) {
    // Itself last: until then it neither starts nor buries one.
    for id in children(child) {
        send(id, Signal::CONT);
    }
    signal(child, Signal::CONT);
}

fn children(child: &Child) -> Vec<Pid> {
    let id = child.id();
    let list = format!("/proc/{id}/task/{id}/children");
    let children = std::fs::read_to_string(&list).unwrap_or_else(|error| panic!("{list}: {error}"));
    children.split_whitespace().map(|id| pid(id.parse().expect("a list of numbers"))).collect()
}

fn pid(id: u32) -> Pid {
    let id = i32::try_from(id).expect("a process has a small number");
    Pid::from_raw(id).expect("a process has a number")
}

/// One that has ended meanwhile needs no signal.
fn send(id: Pid, signal: Signal) {
    match kill_process(id, signal) {
        Ok(()) | Err(Errno::SRCH) => {}
        Err(error) => panic!("{signal:?} can't be sent to {id:?}: {error}"),
    }
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
