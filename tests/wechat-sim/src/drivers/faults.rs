//! Drivers that order trouble.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::read;
use crate::faults::{Fault, FaultKind, Moment, Times};
use crate::handle::{DriverError, SimHandle};

/// The longest delay, in milliseconds: longer than any client should wait.
const LONGEST_DELAY: u64 = 60_000;

/// A fault as drivers write it: one flat object.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FaultBody {
    path: String,
    fault: FaultName,
    #[serde(skip_serializing_if = "Option::is_none")]
    errcode: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(default)]
    after: u32,
    #[serde(default)]
    times: TimesBody,
    /// Left out: as is usual for the fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    moment: Option<MomentBody>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum MomentBody {
    Before,
    After,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum FaultName {
    Errcode,
    TokenSuperseded,
    DropBefore,
    DropAfter,
    Slow,
    Garbage,
    #[serde(rename = "http_502")]
    Http502,
    Empty,
    Truncated,
    TextPlain,
    ExtraFields,
    HugeNumber,
    Gzip,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged, expecting = "`times` is a number or \"forever\"")]
enum TimesBody {
    Count(u32),
    Word(Forever),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Forever {
    Forever,
}

impl Default for TimesBody {
    fn default() -> Self {
        Self::Count(1)
    }
}

impl TryFrom<FaultBody> for Fault {
    type Error = DriverError;

    fn try_from(body: FaultBody) -> Result<Self, DriverError> {
        let kind = match (body.fault, body.errcode, body.delay_ms) {
            (FaultName::Errcode, Some(errcode), None) => FaultKind::Errcode(errcode),
            (FaultName::Slow, None, Some(delay @ 1..=LONGEST_DELAY)) => {
                FaultKind::Slow(Duration::from_millis(delay))
            }
            (FaultName::Errcode, _, _) => return Err(wrong("`errcode` needs `errcode` and no `delay_ms`")),
            (FaultName::Slow, _, _) => {
                return Err(wrong("`slow` needs `delay_ms` of 1 to 60000 and no `errcode`"));
            }
            (_, Some(_), _) | (_, _, Some(_)) => {
                return Err(wrong("only `errcode` takes `errcode`, and only `slow` takes `delay_ms`"));
            }
            (FaultName::TokenSuperseded, ..) => FaultKind::TokenSuperseded,
            (FaultName::DropBefore, ..) => FaultKind::DropBefore,
            (FaultName::DropAfter, ..) => FaultKind::DropAfter,
            (FaultName::Garbage, ..) => FaultKind::Garbage,
            (FaultName::Http502, ..) => FaultKind::Http502,
            (FaultName::Empty, ..) => FaultKind::Empty,
            (FaultName::Truncated, ..) => FaultKind::Truncated,
            (FaultName::TextPlain, ..) => FaultKind::TextPlain,
            (FaultName::ExtraFields, ..) => FaultKind::ExtraFields,
            (FaultName::HugeNumber, ..) => FaultKind::HugeNumber,
            (FaultName::Gzip, ..) => FaultKind::Gzip,
        };
        let times = match body.times {
            TimesBody::Count(times) => Times::Count(times),
            TimesBody::Word(Forever::Forever) => Times::Forever,
        };
        let fault = Self { after: body.after, times, ..Self::once(&body.path, kind) };
        Ok(match body.moment {
            Some(MomentBody::Before) => fault.at(Moment::Before),
            Some(MomentBody::After) => fault.at(Moment::After),
            None => fault,
        })
    }
}

fn wrong(sentence: &str) -> DriverError {
    DriverError::Body(sentence.to_owned())
}

impl From<Fault> for FaultBody {
    fn from(fault: Fault) -> Self {
        let unusual = fault.moment != fault.kind.usual_moment();
        let moment = unusual.then_some(match fault.moment {
            Moment::Before => MomentBody::Before,
            Moment::After => MomentBody::After,
        });
        let (name, errcode, delay_ms) = match fault.kind {
            FaultKind::Errcode(errcode) => (FaultName::Errcode, Some(errcode), None),
            FaultKind::Slow(delay) => {
                (FaultName::Slow, None, Some(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)))
            }
            FaultKind::TokenSuperseded => (FaultName::TokenSuperseded, None, None),
            FaultKind::DropBefore => (FaultName::DropBefore, None, None),
            FaultKind::DropAfter => (FaultName::DropAfter, None, None),
            FaultKind::Garbage => (FaultName::Garbage, None, None),
            FaultKind::Http502 => (FaultName::Http502, None, None),
            FaultKind::Empty => (FaultName::Empty, None, None),
            FaultKind::Truncated => (FaultName::Truncated, None, None),
            FaultKind::TextPlain => (FaultName::TextPlain, None, None),
            FaultKind::ExtraFields => (FaultName::ExtraFields, None, None),
            FaultKind::HugeNumber => (FaultName::HugeNumber, None, None),
            FaultKind::Gzip => (FaultName::Gzip, None, None),
        };
        let times = match fault.times {
            Times::Count(times) => TimesBody::Count(times),
            Times::Forever => TimesBody::Word(Forever::Forever),
        };
        Self { path: fault.path, fault: name, errcode, delay_ms, after: fault.after, times, moment }
    }
}

/// `GET /__sim/faults`: those still to come.
pub(super) async fn list(sim: Data<SimHandle>) -> HttpResponse {
    let faults: Vec<_> = sim.faults().into_iter().map(FaultBody::from).collect();
    HttpResponse::Ok().json(json!({ "faults": faults }))
}

/// `POST /__sim/faults {"path", "fault", "errcode"?, "delay_ms"?, "after"?, "times"?, "moment"?}`: all
/// to come.
pub(super) async fn order(body: Bytes, sim: Data<SimHandle>) -> Result<HttpResponse, DriverError> {
    let body: FaultBody = read(&body)?;
    sim.order(body.try_into()?)?;
    Ok(list(sim).await)
}

/// `DELETE /__sim/faults`.
pub(super) async fn clear(sim: Data<SimHandle>) -> HttpResponse {
    sim.clear_faults();
    HttpResponse::NoContent().finish()
}
