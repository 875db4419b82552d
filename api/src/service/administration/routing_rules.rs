//! The rules by which the cases of a committee are routed (派件规则).

use domain::audit::AuditTarget;
use domain::ids::CommitteeId;
use domain::routing::{OwnRules, Rules};
use entity::committee;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patch::Patch;
use super::{AdministrationError, Record};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::state::Parts;
use crate::store::{committee_rules, rows};

/// The rules of a committee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RoutingRulesRecord {
    /// The committee.
    pub committee_id: CommitteeId,
    /// The names of the rules that the committee has decided on itself; for the others the defaults hold.
    pub own: Vec<String>,
    /// From this share of their capacity in open cases on a member gets no more, unless a code or the
    /// resident names them.
    pub full_at_percent: u32,
    /// Whether members who are not on duty get cases; when not, such cases wait for the manager.
    pub assign_off_duty: bool,
    /// Whether a member named by a code or by the resident gets a case at a station they don't serve.
    pub named_member_crosses_stations: bool,
}

impl RoutingRulesRecord {
    fn new(committee_id: CommitteeId, own: OwnRules) -> Self {
        let named = [
            ("full_at_percent", own.full_at_percent.is_some()),
            ("assign_off_duty", own.assign_off_duty.is_some()),
            ("named_member_crosses_stations", own.named_member_crosses_stations.is_some()),
        ];
        let rules = own.over(Rules::default());
        Self {
            committee_id,
            own: named.iter().filter(|(_, own)| *own).map(|(name, _)| (*name).to_owned()).collect(),
            full_at_percent: rules.full_at_percent,
            assign_off_duty: rules.assign_off_duty,
            named_member_crosses_stations: rules.named_member_crosses_stations,
        }
    }
}

impl Record for RoutingRulesRecord {
    const TARGET: AuditTarget = AuditTarget::RoutingRules;

    fn id(&self) -> Uuid {
        self.committee_id.0
    }

    fn committee_id(&self) -> CommitteeId {
        self.committee_id
    }

    fn tags(&self) -> Vec<Tag> {
        // Nothing that is cached shows rules; the board is forgotten with every change.
        Vec::new()
    }
}

/// What is changed of a committee's rules.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "the fields of `Rules`")]
pub struct RulesChange {
    pub full_at_percent: Patch<u32>,
    pub assign_off_duty: Patch<bool>,
    pub named_member_crosses_stations: Patch<bool>,
}

impl RulesChange {
    /// Does it.
    pub fn apply(self, own: &mut OwnRules) {
        self.full_at_percent.apply(&mut own.full_at_percent);
        self.assign_off_duty.apply(&mut own.assign_off_duty);
        self.named_member_crosses_stations.apply(&mut own.named_member_crosses_stations);
    }
}

/// The rules of a committee.
///
/// # Errors
/// The caller does not administer it; the database does not answer.
pub async fn show(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
) -> Result<RoutingRulesRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let rules = committee_rules::find(state.db.reader(), committee_id).await?;
    Ok(RoutingRulesRecord::new(committee_id, rules.routing))
}

/// Changes the rules of a committee. The next case is routed by them; what was routed stays where it is.
///
/// # Errors
/// The caller does not administer it; the database does not answer.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    change: RulesChange,
) -> Result<RoutingRulesRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let tx = state.db.begin().await?;
    rows::lock::<committee::Model>(&tx, committee_id).await?.ok_or(AdministrationError::Unknown)?;
    let mut rules = committee_rules::find(&tx, committee_id).await?;
    let before = RoutingRulesRecord::new(committee_id, rules.routing);
    change.apply(&mut rules.routing);
    let after = RoutingRulesRecord::new(committee_id, rules.routing);
    let now = state.clock.now();
    super::change(state, caller, tx, before, after, async |tx| {
        Ok(committee_rules::keep(tx, committee_id, rules, now).await?)
    })
    .await
}
