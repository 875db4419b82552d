//! Reads one step of a script as a command of the domain.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::case::{Action, Assignee, Case, Command};
use domain::ids::CaseId;
use domain::role::Party;
use domain::text::{AnswerText, Comment, Reason, Remark, TextError};

use super::DemoError;
use super::district::Founded;
use super::plan::Step;

/// Why a step is no command.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The action needs something that the step does not say.
    #[error("{action} needs {what}")]
    Missing {
        /// The action.
        action: Action,
        /// What is not there.
        what: &'static str,
    },
    /// The words don't keep to their limits.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// Who usually does this.
pub(super) const fn usual_party(action: Action) -> Party {
    match action {
        Action::Accept
        | Action::Return
        | Action::RequestInformation
        | Action::Dispatch
        | Action::Plan
        | Action::Respond
        | Action::CorrectResponse
        | Action::Note => Party::ItsMember,
        Action::Assign
        | Action::Reassign
        | Action::Reopen
        | Action::Uphold
        | Action::Reject
        | Action::Merge
        | Action::Unmerge
        | Action::Escalate
        | Action::Split
        | Action::RedirectPart
        | Action::TakeBackPart
        | Action::Approve
        | Action::SendBack => Party::Manager,
        Action::Supplement | Action::Confirm | Action::Contest | Action::Withdraw | Action::SecondLook => {
            Party::Resident
        }
        Action::Reply | Action::Object => Party::Officer,
        Action::Expire => Party::System,
    }
}

/// The command of a step on this case at this instant.
///
/// # Errors
/// The step lacks what the action needs, or names what the district doesn't have.
pub(super) fn command(
    step: &Step,
    case: &Case,
    at: DateTime<Utc>,
    founded: &Founded,
    leading_case_id: Option<CaseId>,
) -> Result<Command, DemoError> {
    let action = step.action;
    let missing = |what| StepError::Missing { action, what };
    let text = || step.text.as_deref().ok_or(missing("text"));
    let reason = || Ok::<_, StepError>(Reason::parse(text()?)?);
    let remark = || Ok::<_, StepError>(Remark::parse(text()?)?);
    let answer = || Ok::<_, StepError>(AnswerText::parse(text()?)?);
    Ok(match action {
        Action::Assign => Command::Assign { to: assignee(step, case, founded)?, reason: reason()? },
        Action::Reassign => Command::Reassign { to: assignee(step, case, founded)?, reason: reason()? },
        Action::Accept => Command::Accept,
        Action::Return => Command::Return { reason: reason()? },
        Action::RequestInformation => Command::RequestInformation { question: remark()? },
        Action::Supplement => Command::Supplement { text: Some(answer()?), uploads: Vec::new() },
        Action::Dispatch => Command::Dispatch {
            department_id: founded
                .departments
                .get(step.department.as_deref().ok_or(missing("department"))?)?,
            request: remark()?,
            due_on: due_on(step, at),
        },
        Action::Reply => Command::Reply { part: None, text: answer()?, uploads: Vec::new() },
        Action::Object => Command::Object { part: None, reason: reason()? },
        Action::Plan => {
            Command::Plan { promise: remark()?, promised_on: due_on(step, at).ok_or(missing("due_in_days"))? }
        }
        Action::Respond => Command::Respond {
            text: answer()?,
            evidence: step.evidence.ok_or(missing("evidence"))?,
            uploads: Vec::new(),
        },
        Action::Confirm => Command::Confirm {
            solved: step.solved.ok_or(missing("solved"))?,
            stars: step.stars.ok_or(missing("stars"))?,
            comment: step.text.as_deref().map(Comment::parse).transpose().map_err(StepError::from)?,
        },
        Action::Contest => Command::Contest { reason: reason()?, stars: step.stars },
        Action::Reopen => Command::Reopen { reason: reason()? },
        Action::Uphold => Command::Uphold { explanation: remark()? },
        Action::Expire => Command::Expire,
        Action::Reject => Command::Reject { reason: reason()? },
        Action::Withdraw => Command::Withdraw {
            reason: step.text.as_deref().map(Reason::parse).transpose().map_err(StepError::from)?,
        },
        Action::Merge => Command::Merge { leading_case_id: leading_case_id.ok_or(missing("leader"))? },
        Action::Unmerge => Command::Unmerge,
        Action::Escalate => Command::Escalate { reason: reason()? },
        Action::Note => Command::Note { text: remark()? },
        // What a script can't say: a correction has two texts, a split several, a second look comes weeks
        // later, and the stations of scripts sign nothing off.
        Action::CorrectResponse
        | Action::SecondLook
        | Action::Split
        | Action::RedirectPart
        | Action::TakeBackPart
        | Action::Approve
        | Action::SendBack => return Err(missing("a place in scripts").into()),
    })
}

fn assignee(step: &Step, case: &Case, founded: &Founded) -> Result<Assignee, DemoError> {
    let station = step.station.as_deref().map(|name| founded.stations.get(name)).transpose()?;
    Ok(Assignee {
        station_id: station.unwrap_or(case.station_id),
        member_id: step.member.as_deref().map(|name| founded.members.get(name)).transpose()?,
    })
}

fn due_on(step: &Step, at: DateTime<Utc>) -> Option<NaiveDate> {
    shanghai_date(at).checked_add_days(Days::new(u64::from(step.due_in_days?)))
}
