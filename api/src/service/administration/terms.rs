//! The terms of a committee (办理期限): how many days each step of its cases may take.

use domain::audit::AuditTarget;
use domain::deadline::{OwnTerms, Terms};
use domain::ids::CommitteeId;
use entity::committee;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patch::Patch;
use super::{AdministrationError, Record};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::service::authority::administers;
use crate::state::Parts;
use crate::store::{self, committee_rules, rows};

/// How many days each step of a case may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TermDays {
    /// Working days until somebody has accepted the case.
    pub accept_days: u32,
    /// Working days until the resident is answered.
    pub respond_days: u32,
    /// Working days until a department has replied.
    pub reply_days: u32,
    /// Working days in all that a case may wait for the resident's answer to questions.
    pub resident_days: u32,
    /// Calendar days in which the resident may confirm or contest an answer.
    pub confirm_days: u32,
    /// Working days in which a department may object.
    pub object_days: u32,
    /// Calendar days after the end until the resident is asked whether it was really done.
    pub second_look_days: u32,
}

impl From<Terms> for TermDays {
    fn from(terms: Terms) -> Self {
        Self {
            accept_days: terms.accept_days,
            respond_days: terms.respond_days,
            reply_days: terms.reply_days,
            resident_days: terms.resident_days,
            confirm_days: terms.confirm_days,
            object_days: terms.object_days,
            second_look_days: terms.second_look_days,
        }
    }
}

/// The terms of a committee. A category may have others for accepting and answering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TermsRecord {
    /// The committee.
    pub committee_id: CommitteeId,
    /// The names of the terms that the committee has decided on itself; for the others the defaults hold.
    pub own: Vec<String>,
    /// What holds.
    #[serde(flatten)]
    pub days: TermDays,
}

impl TermsRecord {
    fn new(committee_id: CommitteeId, own: OwnTerms) -> Self {
        let named = [
            ("accept_days", own.accept_days),
            ("respond_days", own.respond_days),
            ("reply_days", own.reply_days),
            ("resident_days", own.resident_days),
            ("confirm_days", own.confirm_days),
            ("object_days", own.object_days),
            ("second_look_days", own.second_look_days),
        ];
        let own_names = named.iter().filter(|(_, days)| days.is_some()).map(|(name, _)| (*name).to_owned());
        Self { committee_id, own: own_names.collect(), days: own.over(Terms::default()).into() }
    }
}

impl Record for TermsRecord {
    const TARGET: AuditTarget = AuditTarget::Terms;

    fn id(&self) -> Uuid {
        self.committee_id.0
    }

    fn committee_id(&self) -> CommitteeId {
        self.committee_id
    }

    fn tags(&self) -> Vec<Tag> {
        // Nothing that is cached shows terms; the board is forgotten with every change.
        Vec::new()
    }
}

/// What is changed of a committee's terms.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "the fields of `Terms`")]
pub struct TermsChange {
    pub accept_days: Patch<u32>,
    pub respond_days: Patch<u32>,
    pub reply_days: Patch<u32>,
    pub resident_days: Patch<u32>,
    pub confirm_days: Patch<u32>,
    pub object_days: Patch<u32>,
    pub second_look_days: Patch<u32>,
}

impl TermsChange {
    fn apply(self, own: &mut OwnTerms) {
        self.accept_days.apply(&mut own.accept_days);
        self.respond_days.apply(&mut own.respond_days);
        self.reply_days.apply(&mut own.reply_days);
        self.resident_days.apply(&mut own.resident_days);
        self.confirm_days.apply(&mut own.confirm_days);
        self.object_days.apply(&mut own.object_days);
        self.second_look_days.apply(&mut own.second_look_days);
    }
}

/// The terms of a committee.
///
/// # Errors
/// The caller does not administer it; the database does not answer.
pub async fn show(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
) -> Result<TermsRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let rules = committee_rules::find(state.db.reader(), committee_id).await?;
    Ok(TermsRecord::new(committee_id, rules.terms))
}

/// Changes the terms of a committee. They hold for what begins from now on, not for clocks that run.
///
/// # Errors
/// The caller does not administer it; the database does not answer.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    committee_id: CommitteeId,
    change: TermsChange,
) -> Result<TermsRecord, AdministrationError> {
    administers(state, caller, committee_id).await?;
    let tx = state.db.begin().await?;
    rows::lock::<committee::Model>(&tx, committee_id).await?.ok_or(AdministrationError::Unknown)?;
    let mut rules = committee_rules::find(&tx, committee_id).await?;
    let before = TermsRecord::new(committee_id, rules.terms);
    change.apply(&mut rules.terms);
    let after = TermsRecord::new(committee_id, rules.terms);
    let now = state.clock.now();
    super::change(state, caller, tx, before, after, async |tx| {
        Ok(store::committee_rules::keep(tx, committee_id, rules, now).await?)
    })
    .await
}
