//! Answers beside the history that tells of them: kept with their ratings in tables of their own, from which
//! figures are made, and looked over before they are sent.

use chrono::{DateTime, Utc};
use domain::answer::{self, Missing};
use domain::case::{Action, Case, CaseError, Command, Decision, EventKind, NewEvent};
use domain::ids::{AccountId, CaseId, CommitteeId, ResponseId};
use domain::role::Party;
use domain::text::AnswerText;
use domain::vocabulary::Solved;
use entity::{response, response_correction, second_look};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::casework::{self, CaseworkError};
use crate::service::committees::CommitteeTree;
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store::answers::NewRating;
use crate::store::cases::CaseKey;
use crate::store::{self, Connection, StoreError, Transaction};

/// Keeps what a command says of an answer.
///
/// # Errors
/// The database does not answer.
pub(super) async fn keep(
    state: &Parts,
    tx: &Transaction,
    case_id: CaseId,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if let Command::SecondLook { done, comment } = command {
        let response = last_response(tx, case_id).await?;
        let comment = comment.as_ref().map(|comment| comment.as_str().to_owned());
        if store::second_looks::answer(tx, response.id, *done, comment, now).await? {
            return Ok(());
        }
        return Err(StoreError::inconsistent("cases", case_id, "a second look without its question"));
    }
    let Some((solved, stars, comment)) = rating(command) else { return Ok(()) };
    let response = last_response(tx, case_id).await?;
    let rating = NewRating {
        id: state.ids.next(),
        case_id,
        response_id: response.id,
        member_id: response.member_id,
        solved,
        stars,
        comment,
        created_at: now,
    };
    store::answers::insert_rating(tx, rating).await
}

/// Keeps the answer that a decision sends, if it does, as the author's.
///
/// # Errors
/// The database does not answer.
pub(super) async fn keep_response(
    state: &Parts,
    tx: &Transaction,
    decision: &Decision,
    author: Option<AccountId>,
) -> Result<(), StoreError> {
    let Some(event) = decision.events.last().filter(|event| event.kind == EventKind::Respond) else {
        return Ok(());
    };
    let case = &decision.case;
    let words = event.body.text.clone().zip(event.body.evidence);
    let (text, evidence) =
        words.ok_or_else(|| StoreError::inconsistent("cases", case.id, "an answer without words"))?;
    let row = response::Model {
        id: state.ids.next(),
        case_id: case.id,
        event_seq: case.event_seq,
        member_id: event.body.member_id,
        account_id: author,
        template_only: is_only_template(state, tx, case.committee_id, &text).await?,
        text,
        evidence,
        created_at: event.at,
    };
    store::answers::insert_response(tx, row).await
}

/// The answer that a case has now.
async fn last_response(tx: &Transaction, case_id: CaseId) -> Result<response::Model, StoreError> {
    let found = store::answers::find_last_response(tx, case_id).await?;
    found.ok_or_else(|| StoreError::inconsistent("cases", case_id, "it has no answer"))
}

/// Puts beside a correction what it corrects: into its event, which shows both, and into a row of its own.
///
/// # Errors
/// The database does not answer, or there is nothing to correct.
pub(super) async fn keep_correction(
    tx: &Transaction,
    decision: &mut Decision,
    command: &Command,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Command::CorrectResponse { text, reason } = command else { return Ok(()) };
    let case_id = decision.case.id;
    let response = last_response(tx, case_id).await?;
    let earlier = store::answers::list_corrections(tx, case_id).await?;
    let last = earlier.into_iter().rfind(|correction| correction.response_id == response.id);
    if let Some(event) = decision.events.last_mut() {
        event.body.former_text = Some(last.map_or(response.text, |correction| correction.text));
    }
    let row = response_correction::Model {
        case_id,
        event_seq: decision.case.event_seq,
        response_id: response.id,
        account_id,
        text: text.as_str().to_owned(),
        reason: reason.as_str().to_owned(),
        created_at: now,
    };
    store::answers::insert_correction(tx, row).await
}

/// Writes down that time has asked the resident whether it was really done.
///
/// # Errors
/// The database does not answer, or this answer was asked about before.
pub(super) async fn keep_question(
    tx: &Transaction,
    case: &Case,
    events: &[NewEvent],
) -> Result<(), StoreError> {
    if !events.iter().any(|event| event.kind == EventKind::SecondLookAsked) {
        return Ok(());
    }
    let response = last_response(tx, case.id).await?;
    let asked = question(case, events, response.id);
    let asked = asked.ok_or_else(|| StoreError::inconsistent("cases", case.id, "asked without a reason"))?;
    store::second_looks::insert(tx, asked).await
}

/// The question that time has asked about an answer, if that is among the events.
pub(super) fn question(
    case: &Case,
    events: &[NewEvent],
    response_id: ResponseId,
) -> Option<second_look::Model> {
    let asked = events.iter().find(|event| event.kind == EventKind::SecondLookAsked)?;
    Some(second_look::Model {
        response_id,
        case_id: case.id,
        reason: case.second_look?,
        asked_at: asked.at,
        answer_by: case.second_look_by?,
        answered_at: None,
        verdict: None,
        comment: None,
    })
}

/// What a command says of the answer: solved or not, stars, comment; none if it rates nothing.
pub(super) fn rating(command: &Command) -> Option<(&'static str, Option<i16>, Option<String>)> {
    match command {
        Command::Confirm { solved, stars, comment } => {
            let solved = if *solved == Solved::Yes { "yes" } else { "partly" };
            Some((solved, Some(*stars), comment.as_ref().map(|comment| comment.as_str().to_owned())))
        }
        Command::Contest { stars, .. } => Some(("no", *stars, None)),
        _ => None,
    }
}

/// Whether an answer adds nothing to one of the templates that are offered to those who answer.
async fn is_only_template(
    state: &Parts,
    db: &impl Connection,
    committee_id: CommitteeId,
    text: &str,
) -> Result<bool, StoreError> {
    let committees = CommitteeTree::load(state).await?.chain(committee_id);
    let bodies = store::answer_templates::list_bodies(db, &committees).await?;
    Ok(bodies.iter().any(|body| answer::is_only_template(text, body)))
}

/// What there is to say of an answer before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerCheck {
    /// Fields that nobody has filled in: these alone keep it from being sent.
    pub unfilled: Vec<String>,
    /// Whether it is nothing but a template with its fields filled in.
    pub template_only: bool,
    /// What it does not seem to say. Hints only: they are found by words, and may be wrong.
    pub missing: Vec<AnswerHint>,
    /// Phrases in it that promise nothing.
    pub vague: Vec<&'static str>,
}

/// What an answer does not seem to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerHint {
    /// Who, what or when.
    pub code: Missing,
    /// The same in Chinese.
    pub detail: String,
}

/// Looks an answer over, without keeping it.
///
/// # Errors
/// No such case for this visitor, or one that he does not answer.
pub async fn check(
    state: &Parts,
    visitor: &Visitor,
    id: CaseId,
    text: &AnswerText,
) -> Result<AnswerCheck, CaseworkError> {
    let db = state.db.reader();
    let stored = store::cases::find(db, CaseKey::Id(id)).await?.ok_or(CaseworkError::NotFound)?;
    let standing = casework::standing(db, visitor, &stored).await?;
    if !standing.is(Party::ItsMember) && !standing.is(Party::Manager) {
        return Err(CaseError::NotAllowed { action: Action::Respond }.into());
    }
    let found = answer::check(text.as_str());
    let hint = |code: Missing| AnswerHint { code, detail: format!("{}。", code.label()) };
    Ok(AnswerCheck {
        unfilled: answer::unfilled(text.as_str()),
        template_only: is_only_template(state, db, stored.case.committee_id, text.as_str()).await?,
        missing: found.missing.into_iter().map(hint).collect(),
        vague: found.vague,
    })
}
