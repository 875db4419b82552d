//! Faults on order: which call goes wrong, and how its answer is spoilt. Knows no endpoint.
//!
//! A fault strikes *before* the work, which is then not done, or *after* it ([`Moment`]), which is the harder
//! case for a client: the code is used up, the message is sent, and nobody was told. [`Fault::once`] takes the
//! moment that is usual for its kind; [`Fault::at`] takes the other.

use std::collections::VecDeque;
use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::wire::Reply;

/// How a call goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// WeChat refuses with this number; as a rule the work is not done.
    Errcode(i64),
    /// Another deployment forces a new access token just before this call, whose token is dead then.
    TokenSuperseded,
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
    /// The true answer with a `msgid` that no double can hold.
    HugeNumber,
    /// The true answer, compressed, though nobody asked for that.
    Gzip,
}

/// Whether a fault strikes before the work is done, or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The work is not done.
    Before,
    /// The work is done.
    After,
}

impl FaultKind {
    /// When it strikes unless told otherwise.
    pub(crate) const fn usual_moment(&self) -> Moment {
        match self {
            Self::Errcode(_) | Self::DropBefore | Self::TokenSuperseded => Moment::Before,
            Self::DropAfter
            | Self::Slow(_)
            | Self::Garbage
            | Self::Http502
            | Self::Empty
            | Self::Truncated
            | Self::TextPlain
            | Self::ExtraFields
            | Self::HugeNumber
            | Self::Gzip => Moment::After,
        }
    }

    /// Whether it can strike at this moment: what spoils the true answer needs one.
    pub(crate) fn takes(&self, moment: Moment) -> bool {
        let either = matches!(self, Self::Errcode(_) | Self::Garbage | Self::Http502 | Self::Empty);
        either || moment == self.usual_moment()
    }
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
    /// Before the work or after it.
    pub moment: Moment,
}

impl Fault {
    /// Spoils the next call of this path.
    #[must_use]
    pub fn once(path: &str, kind: FaultKind) -> Self {
        let moment = kind.usual_moment();
        Self { path: path.to_owned(), kind, after: 0, times: Times::Count(1), moment }
    }

    /// Strikes at this moment instead of the usual one.
    #[must_use]
    pub const fn at(mut self, moment: Moment) -> Self {
        self.moment = moment;
        self
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

/// What befalls one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blow {
    pub(crate) kind: FaultKind,
    pub(crate) moment: Moment,
}

/// The faults on order, first come first served for each path.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<Fault>);

impl Faults {
    pub(crate) fn order(&mut self, fault: Fault) {
        self.0.push_back(fault);
    }

    /// What befalls this call, if anything.
    pub(crate) fn strike(&mut self, path: &str) -> Option<Blow> {
        let at = self.0.iter().position(|fault| fault.path == path)?;
        let fault = self.0.get_mut(at)?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let blow = Blow { kind: fault.kind.clone(), moment: fault.moment };
        if let Times::Count(left) = &mut fault.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.0.remove(at);
            }
        }
        Some(blow)
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
            headers: Vec::new(),
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
        FaultKind::HugeNumber => Reply { body: with(reply.body, [("msgid", json!(HUGE))]), ..reply },
        FaultKind::Gzip => compressed(reply),
        FaultKind::Errcode(_)
        | FaultKind::TokenSuperseded
        | FaultKind::DropBefore
        | FaultKind::DropAfter
        | FaultKind::Slow(_) => reply,
    }
}

/// More than 2⁵³.
const HUGE: u64 = 3_248_682_510_344_192_008;

fn with_extra_fields(body: Vec<u8>) -> Vec<u8> {
    with(body, [("sim_extra", json!({ "nested": [1, "二", null] })), ("sim_big", json!(HUGE))])
}

/// A body of JSON with these members too; any other body as it is.
fn with<const N: usize>(body: Vec<u8>, more: [(&str, Value); N]) -> Vec<u8> {
    match serde_json::from_slice(&body) {
        Ok(Value::Object(mut members)) => {
            members.extend(more.map(|(name, value)| (name.to_owned(), value)));
            Value::Object(members).to_string().into_bytes()
        }
        _ => body,
    }
}

fn compressed(reply: Reply) -> Reply {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    match encoder.write_all(&reply.body).and_then(|()| encoder.finish()) {
        Ok(body) => {
            let mut headers = reply.headers.clone();
            headers.push(("Content-Encoding", "gzip".to_owned()));
            Reply { body, headers, ..reply }
        }
        // Writing into memory does not fail.
        Err(_) => reply,
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
        let struck: Vec<_> = (0..5).map(|_| faults.strike("/a").map(|blow| blow.kind)).collect();
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
    fn only_what_needs_no_true_answer_strikes_at_either_moment() {
        for kind in [FaultKind::Errcode(-1), FaultKind::Http502, FaultKind::Empty, FaultKind::Garbage] {
            assert!(kind.takes(Moment::Before) && kind.takes(Moment::After), "{kind:?}");
        }
        assert!(!FaultKind::Truncated.takes(Moment::Before) && !FaultKind::DropBefore.takes(Moment::After));
    }

    #[test]
    fn a_fault_touches_no_other_path() {
        let mut faults = Faults::default();
        faults.order(Fault::once("/a", FaultKind::Empty));
        assert_eq!(faults.strike("/b"), None);
    }
}
