//! The demo district as it is written down in `deploy/demo`: names and scripts, nothing worked out yet.

use std::path::PathBuf;

use chrono::NaiveTime;
use domain::case::Action;
use domain::role::{Party, Role};
use domain::vocabulary::{Evidence, Level, Solved, StationKind};
use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::DemoError;

const DISTRICT: &str = include_str!("../../../../deploy/demo/district.toml");
const CASES_OPEN: &str = include_str!("../../../../deploy/demo/cases_open.toml");
const CASES_ENDED: &str = include_str!("../../../../deploy/demo/cases_ended.toml");

/// The whole plan.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) district: District,
    pub(super) cases: Vec<CaseScript>,
}

impl Plan {
    /// The plan that comes with the service.
    ///
    /// # Errors
    /// A file is not of the form below (a test makes sure that it is).
    pub(super) fn shipped() -> Result<Self, DemoError> {
        let open: Cases = read("cases_open.toml", CASES_OPEN)?;
        let ended: Cases = read("cases_ended.toml", CASES_ENDED)?;
        let cases = open.cases.into_iter().chain(ended.cases).collect();
        Ok(Self { district: read("district.toml", DISTRICT)?, cases })
    }
}

fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, DemoError> {
    let fault =
        |error: figment::Error| DemoError::Plan { file: PathBuf::from(file), fault: error.to_string() };
    Figment::from(Toml::string(text)).extract().map_err(fault)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    cases: Vec<CaseScript>,
}

/// Everything but the cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct District {
    pub(super) committee: CommitteePlan,
    pub(super) roster: RosterPlan,
    pub(super) sectors: Vec<SectorPlan>,
    pub(super) categories: Vec<CategoryPlan>,
    pub(super) stations: Vec<StationPlan>,
    pub(super) members: Vec<MemberPlan>,
    pub(super) departments: Vec<DepartmentPlan>,
    pub(super) absences: Vec<AbsencePlan>,
    pub(super) users: Vec<UserPlan>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommitteePlan {
    pub(super) name: String,
    pub(super) level: Level,
}

/// How far the roster reaches from today.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RosterPlan {
    pub(super) weeks_back: u32,
    pub(super) weeks_ahead: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectorPlan {
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryPlan {
    pub(super) name: String,
    #[serde(default)]
    pub(super) keywords: Vec<String>,
    #[serde(default)]
    pub(super) sectors: Vec<String>,
    pub(super) respond_days: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StationPlan {
    pub(super) name: String,
    pub(super) kind: StationKind,
    pub(super) address: String,
    pub(super) opening_hours: String,
    pub(super) notice: Option<String>,
    pub(super) lat: f64,
    pub(super) lng: f64,
    /// Corners as `[lng, lat]`.
    pub(super) area: Option<Vec<[f64; 2]>>,
    #[serde(default)]
    pub(super) members_may_dispatch: bool,
    /// Where its code hangs.
    pub(super) placed_at: String,
    /// How often the code was scanned.
    pub(super) scans: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberPlan {
    pub(super) name: String,
    pub(super) sector: String,
    pub(super) level: Level,
    pub(super) post: String,
    pub(super) bio: String,
    pub(super) capacity: i32,
    pub(super) stations: Vec<String>,
    #[serde(default)]
    pub(super) specialities: Vec<String>,
    pub(super) code: Option<MemberCodePlan>,
    /// Whether there is no account yet but an open invitation.
    #[serde(default)]
    pub(super) invited: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberCodePlan {
    pub(super) station: String,
    pub(super) placed_at: String,
    pub(super) scans: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentPlan {
    pub(super) name: String,
}

/// A member's absence, in days from today.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AbsencePlan {
    pub(super) member: String,
    pub(super) from_day: i64,
    pub(super) until_day: i64,
    pub(super) reason: String,
}

/// Somebody who can log in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserPlan {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: Role,
    /// The name of what the role is for.
    pub(super) scope: Option<String>,
    /// The openid.
    pub(super) wechat: String,
}

/// What happened to one case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseScript {
    /// What other scripts call it.
    pub(super) key: String,
    pub(super) days_ago: u32,
    /// In Shanghai.
    pub(super) time: NaiveTime,
    /// Where a code was scanned.
    pub(super) station: String,
    /// Whose code was scanned, or who was chosen.
    pub(super) member: Option<String>,
    pub(super) category: Option<String>,
    pub(super) text: String,
    /// The login of the user who raised it; without one there was only a ticket.
    pub(super) resident: Option<String>,
    pub(super) place: Option<PlacePlan>,
    pub(super) contact: Option<ContactPlan>,
    pub(super) on_behalf_of: Option<String>,
    #[serde(default)]
    pub(super) anonymous: bool,
    #[serde(default)]
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlacePlan {
    pub(super) name: String,
    pub(super) lat: f64,
    pub(super) lng: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactPlan {
    pub(super) name: String,
}

/// One action, some hours after the one before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) hours: u32,
    #[serde(rename = "do")]
    pub(super) action: Action,
    /// Who does it, when it is not who usually does.
    pub(super) by: Option<Party>,
    /// The words: reason, question, answer, promise, comment, as the action needs.
    pub(super) text: Option<String>,
    pub(super) member: Option<String>,
    pub(super) station: Option<String>,
    pub(super) department: Option<String>,
    /// The key of the case to follow.
    pub(super) leader: Option<String>,
    pub(super) evidence: Option<Evidence>,
    pub(super) solved: Option<Solved>,
    pub(super) stars: Option<i16>,
    pub(super) due_in_days: Option<u32>,
}
