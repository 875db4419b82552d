//! A case as one visitor may see it: what routes turn into JSON.

use domain::case::{Action, Case, Context, Leader, State, allowed_actions};
use domain::deadline::Stage;
use domain::ids::CaseId;
use domain::role::{Party, Standing};
use serde::{Deserialize, Serialize};

use crate::service::case_parts::{CasePicture, CaseRating, CaseResponse, SecondLook};
use crate::service::case_split::{self, PartBody};
use crate::service::merging;
use crate::service::sign_off::{self, SubmittedAnswer};
use crate::service::terms;
use crate::service::viewers::Viewer;
use crate::state::Parts;
use crate::store::case_terms::CaseNames;
use crate::store::cases::{Readers, StoredCase};
use crate::store::{self, Connection, StoreError};

/// The place that sealed contacts belong to, authenticated with them.
pub const CONTACT_CONTEXT: &str = "cases.contact";

/// Who raised a case and how to reach them. Personal data: stored sealed, shown masked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// The phone number, digits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
    /// The person for whom the case was raised.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on_behalf_of: Option<String>,
}

/// A case with all that its page shows.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// The case.
    pub stored: StoredCase,
    /// What the visitor is to it.
    pub standing: Standing,
    /// What the visitor can do now.
    pub allowed_actions: Vec<Action>,
    /// How late it is at this moment.
    pub stage: Stage,
    /// Whether its due time may still move, because the holidays of its year are not known yet.
    pub respond_by_provisional: bool,
    /// The case that it follows.
    pub leader: Option<LeaderView>,
    /// How many cases follow it, for whoever works on it.
    pub followers: Option<u64>,
    /// The names that it shows.
    pub names: CaseNames,
    /// The parts that it was split into, as far as this visitor may see them.
    pub parts: Vec<PartBody>,
    /// The answer that waits to be signed off, for those who answer.
    pub submitted_answer: Option<SubmittedAnswer>,
    /// Its answers, oldest first.
    pub responses: Vec<CaseResponse>,
    /// What the resident said of them, oldest first.
    pub ratings: Vec<CaseRating>,
    /// What the resident was asked weeks later, oldest first.
    pub second_looks: Vec<SecondLook>,
    /// Its pictures, oldest first.
    pub uploads: Vec<CasePicture>,
    /// Who raised it, if this visitor may know.
    pub contact: Option<Contact>,
    /// Who else has it open, for staff who open it.
    pub viewed_by: Option<Vec<Viewer>>,
}

/// The case that one follows, as far as the follower's people may know: not who raised it, nor in what
/// words.
#[derive(Debug, Clone)]
pub struct LeaderView {
    /// The number that people use.
    pub number: String,
    /// The case as the rules see it.
    pub case: Case,
    /// Its last answer.
    pub answer: Option<CaseResponse>,
}

/// Collects what the case's page shows to somebody with this standing.
///
/// # Errors
/// The database does not answer, or a sealed contact can't be opened.
pub async fn assemble(
    state: &Parts,
    db: &impl Connection,
    stored: StoredCase,
    standing: Standing,
) -> Result<CaseView, StoreError> {
    let case = &stored.case;
    let case_terms = store::case_terms::find(db, case.station_id, stored.category_id).await?;
    let calendar = state.calendars.current();
    let now = state.clock.now();
    let leader = merging::find_leader(db, &stored).await?;
    let followers = match standing.is_staff() && stored.case.state != State::Merged {
        true => Some(store::followers::count(db, case.id).await?),
        false => None,
    };
    let context = Context {
        leader: leader.as_ref().map(|(_, leader)| *leader),
        leads: followers.is_some_and(|followers| followers > 0),
        ..terms::context(&calendar, case_terms, now)
    };
    let names = store::case_terms::names(db, case.station_id, case.member_id, stored.category_id).await?;
    let responses = store::answers::list_responses(db, case.id).await?;
    let ratings = store::answers::list_ratings(db, case.id).await?;
    // Most cases that are looked at have no answer yet: then there is nothing to look for.
    let (corrections, looks) = match responses.is_empty() {
        true => (Vec::new(), Vec::new()),
        false => (
            store::answers::list_corrections(db, case.id).await?,
            store::second_looks::list_of_case(db, case.id).await?,
        ),
    };
    let readers = if standing.is_staff() { Readers::Staff } else { Readers::Residents };
    let mut uploads = store::uploads::list_of_case(db, case.id, readers).await?;
    uploads.retain(|row| !row.event_seq.is_some_and(|seq| case_split::is_of_another(case, seq, standing)));
    Ok(CaseView {
        allowed_actions: allowed_actions(case, standing, &context),
        stage: case.stage_at(&context),
        respond_by_provisional: calendar.is_provisional_at(case.respond_by),
        contact: contact(state, &stored, standing)?,
        leader: show_leader(db, leader).await?,
        followers,
        parts: case_split::show(db, case, standing, now).await?,
        submitted_answer: sign_off::show(db, case, standing).await?,
        names,
        responses: responses
            .into_iter()
            .map(|row| CaseResponse::of(row, &corrections, standing.is_staff()))
            .collect(),
        ratings: ratings.into_iter().map(CaseRating::from).collect(),
        second_looks: looks.into_iter().map(|row| SecondLook::at(row, now)).collect(),
        uploads: uploads.into_iter().map(CasePicture::from).collect(),
        viewed_by: None,
        standing,
        stored,
    })
}

async fn show_leader(
    db: &impl Connection,
    leader: Option<(StoredCase, Leader)>,
) -> Result<Option<LeaderView>, StoreError> {
    let Some((StoredCase { number, case, .. }, _)) = leader else { return Ok(None) };
    let answer = match case.responded_at {
        Some(_) => store::answers::find_last_response(db, case.id).await?,
        None => None,
    };
    let answer = match answer {
        Some(answer) => {
            let corrections = store::answers::list_corrections(db, case.id).await?;
            Some(CaseResponse::of(answer, &corrections, false))
        }
        None => None,
    };
    Ok(Some(LeaderView { number, case, answer }))
}

/// The contact, for the resident himself and, unless he wants to stay unknown, for staff.
fn contact(state: &Parts, stored: &StoredCase, standing: Standing) -> Result<Option<Contact>, StoreError> {
    let entitled = standing.is(Party::Resident) || (standing.is_staff() && !stored.anonymous);
    let sealed = stored.contact_sealed.as_deref().filter(|_| entitled);
    sealed.map(|sealed| open_contact(state, stored.case.id, sealed)).transpose()
}

/// The contact of a case, as it was given.
///
/// # Errors
/// It can't be opened.
pub fn open_contact(state: &Parts, id: CaseId, sealed: &[u8]) -> Result<Contact, StoreError> {
    let broken = |problem: &dyn ToString| StoreError::inconsistent("cases", id, problem.to_string());
    let plain = state.sealer.open(CONTACT_CONTEXT, sealed).map_err(|error| broken(&error))?;
    serde_json::from_slice(&plain).map_err(|error| broken(&error))
}
