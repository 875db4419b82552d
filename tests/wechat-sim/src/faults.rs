//! Faults on order: which call goes wrong, and how its answer is spoilt. Knows no endpoint.
//!
//! Two faults happen *instead of* the work ([`FaultKind::Errcode`], [`FaultKind::DropBefore`]); all others
//! spoil the answer *after* the work was done, which is the harder case for a client: the code is used up,
//! the message is sent, and nobody was told.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

use crate::wire::Reply;

/// How a call goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// WeChat refuses with this number; the work is not done.
    Errcode(i64),
    /// The connection closes without an answer; the work is not done.
    DropBefore,
    /// The connection closes without an answer; the work is done.
    DropAfter,
    /// The true answer comes, this much later.
    Slow(Duration),
    /// Status 200 and a body that is no JSON.
    Garbage,
    /// Status 502 and a page of HTML.
    Http502,
    /// Status 200 and no body.
    Empty,
    /// The true answer, cut in half.
    Truncated,
    /// The true answer, called `text/plain`.
    TextPlain,
    /// The true answer with members that no documentation names.
    ExtraFields,
}

/// How many calls a fault spoils.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// So many, then it is over.
    Count(u32),
    /// All, until the faults are cleared.
    Forever,
}

/// A fault on order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path of the API, such as `/cgi-bin/stable_token`.
    pub path: String,
    /// What goes wrong.
    pub kind: FaultKind,
    /// So many calls pass unharmed first.
    pub after: u32,
    /// So many calls are spoilt then.
    pub times: Times,
}

impl Fault {
    /// Spoils the next call of this path.
    #[must_use]
    pub fn once(path: &str, kind: FaultKind) -> Self {
        Self { path: path.to_owned(), kind, after: 0, times: Times::Count(1) }
    }

    /// Spoils so many calls instead.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Times::Count(times);
        self
    }

    /// Spoils all calls instead.
    #[must_use]
    pub const fn forever(mut self) -> Self {
        self.times = Times::Forever;
        self
    }

    /// Lets so many calls pass first.
    #[must_use]
    pub const fn after(mut self, calls: u32) -> Self {
        self.after = calls;
        self
    }
}

/// The faults on order, first come first served for each path.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<Fault>);

impl Faults {
    pub(crate) fn order(&mut self, fault: Fault) {
        self.0.push_back(fault);
    }

    /// What befalls this call, if anything.
    pub(crate) fn strike(&mut self, path: &str) -> Option<FaultKind> {
        let at = self.0.iter().position(|fault| fault.path == path)?;
        let fault = self.0.get_mut(at)?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let kind = fault.kind.clone();
        if let Times::Count(left) = &mut fault.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.0.remove(at);
            }
        }
        Some(kind)
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The answer as the client gets it, from the true one.
pub(crate) fn spoil(reply: Reply, kind: &FaultKind) -> Reply {
    match kind {
        FaultKind::Garbage => Reply { body: b"\x00\xff<not json".to_vec(), ..reply },
        FaultKind::Http502 => Reply {
            status: 502,
            content_type: "text/html",
            body: b"<html><head><title>502 Bad Gateway</title></head></html>".to_vec(),
        },
        FaultKind::Empty => Reply { body: Vec::new(), ..reply },
        FaultKind::Truncated => {
            let mut body = reply.body;
            body.truncate(body.len() / 2);
            Reply { body, ..reply }
        }
        FaultKind::TextPlain => Reply { content_type: "text/plain", ..reply },
        FaultKind::ExtraFields => Reply { body: with_extra_fields(reply.body), ..reply },
        FaultKind::Errcode(_) | FaultKind::DropBefore | FaultKind::DropAfter | FaultKind::Slow(_) => reply,
    }
}

fn with_extra_fields(body: Vec<u8>) -> Vec<u8> {
    match serde_json::from_slice(&body) {
        Ok(Value::Object(mut members)) => {
            members.insert("sim_extra".to_owned(), json!({ "nested": [1, "二", null] }));
            members.insert("sim_big".to_owned(), json!(3_248_682_510_344_192_008_u64));
            Value::Object(members).to_string().into_bytes()
        }
        _ => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_one_path_come_in_the_order_they_were_placed() {
        let mut faults = Faults::default();
        faults.order(Fault::once("/a", FaultKind::Empty).times(2));
        faults.order(Fault::once("/a", FaultKind::Garbage).after(1));
        let struck: Vec<_> = (0..5).map(|_| faults.strike("/a")).collect();
        let expected = [Some(FaultKind::Empty), Some(FaultKind::Empty), None, Some(FaultKind::Garbage), None];
        assert_eq!(struck, expected);
    }

    #[test]
    fn a_fault_for_ever_stays_until_it_is_cleared() {
        let mut faults = Faults::default();
        faults.order(Fault::once("/a", FaultKind::Empty).forever());
        assert!((0..100).all(|_| faults.strike("/a").is_some()));
        faults.clear();
        assert_eq!(faults.strike("/a"), None);
    }

    #[test]
    fn a_fault_touches_no_other_path() {
        let mut faults = Faults::default();
        faults.order(Fault::once("/a", FaultKind::Empty));
        assert_eq!(faults.strike("/b"), None);
    }
}
