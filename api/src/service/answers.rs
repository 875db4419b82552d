//! Answers beside the history that tells of them: kept with their ratings in tables of their own, from which
//! figures are made, and looked over before they are sent.

use chrono::{DateTime, Utc};
use domain::answer::{self, Missing};
use domain::case::{Action, CaseError, Command};
use domain::ids::{AccountId, CaseId, CommitteeId};
use domain::role::Party;
use domain::text::AnswerText;
use domain::vocabulary::Solved;
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::casework::{self, CaseworkError};
use crate::service::committees::CommitteeTree;
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store::answers::NewRating;
use crate::store::cases::{CaseKey, StoredCase};
use crate::store::{self, Connection, StoreError, Transaction};

/// Keeps what a command says as an answer, or of one.
///
/// # Errors
/// The database does not answer.
pub(super) async fn keep(
    state: &Parts,
    tx: &Transaction,
    stored: &StoredCase,
    command: &Command,
    event_seq: i32,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let case_id = stored.case.id;
    if let Command::Respond { text, evidence, .. } = command {
        let row = entity::response::Model {
            id: state.ids.next(),
            case_id,
            event_seq,
            member_id: stored.case.member_id,
            account_id,
            text: text.as_str().to_owned(),
            evidence: *evidence,
            template_only: is_only_template(state, tx, stored.case.committee_id, text).await?,
            created_at: now,
        };
        return store::answers::insert_response(tx, row).await;
    }
    let Some((solved, stars, comment)) = rating(command) else { return Ok(()) };
    let Some(response) = store::answers::find_last_response(tx, case_id).await? else {
        return Err(StoreError::inconsistent("cases", case_id, "rated without an answer"));
    };
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
    text: &AnswerText,
) -> Result<bool, StoreError> {
    let committees = CommitteeTree::load(state).await?.chain(committee_id);
    let bodies = store::answer_templates::list_bodies(db, &committees).await?;
    Ok(bodies.iter().any(|body| answer::is_only_template(text.as_str(), body)))
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
        template_only: is_only_template(state, db, stored.case.committee_id, text).await?,
        missing: found.missing.into_iter().map(hint).collect(),
        vague: found.vague,
    })
}
