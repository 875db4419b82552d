//! The jobs there are: their stored words and their payloads, which hold ids only.

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::{shanghai_date, start_of_day};
use domain::ids::{CaseId, CodeBatchId, PushId, RevisionId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something to do after a commit, or every now and then.
///
/// A stored word is never reused for something else: rows of the version before are still there
/// while a new one starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Tells the parties of a case what happened to it.
    NotifyCase {
        /// The case.
        case_id: CaseId,
        /// The number of the event in its history.
        seq: i32,
    },
    /// Brings the cases that follow one up to what happened to it.
    TellFollowers {
        /// The leading case.
        case_id: CaseId,
        /// The number of the event in its history.
        seq: i32,
    },
    /// Counts the deadlines of open cases again, some of them a run, after a year of the calendar came.
    RecountDeadlines {
        /// The import.
        revision_id: RevisionId,
    },
    /// Sends the messages that are due.
    SendMessages,
    /// Puts cases after this one into the search index that it has missed.
    IndexCases {
        /// The last one that was looked at.
        after: CaseId,
    },
    /// Checks what came with an event of a case before others than staff see it.
    CheckContent {
        /// The case.
        case_id: CaseId,
        /// The number of the event in its history.
        seq: i32,
    },
    /// Works on something that WeChat told us.
    HandlePush {
        /// What it told.
        push_id: PushId,
    },
    /// Draws the next part of a batch of posters.
    DrawBatch {
        /// The batch.
        batch_id: CodeBatchId,
        /// Which part.
        part: i32,
    },
    /// Hands to a person what WeChat did not say anything of in time.
    SweepContent,
    /// Puts cases into the search index that it has missed, or that were cut in another way, and spells
    /// members' names as they are spelled now.
    SweepSearch,
    /// Lets time work on all cases that are due.
    TickCases,
    /// Removes uploads that no case has taken, and batches of posters that have had their time.
    SweepUploads,
    /// Makes and moves the reception days of all patterns.
    PlanReceptionDays,
    /// Removes idempotency keys, refresh tokens and invitations that are over.
    SweepKeys,
    /// Looks after messages that nobody came back for, and sends what is due.
    SweepMessages,
    /// Brings the figures forward.
    RollFigures,
    /// Compares the figures with the history that they are made of.
    VerifyFigures,
}

/// When the nightly work begins, in Shanghai.
const NIGHT: TimeDelta = TimeDelta::hours(3);

/// A row that this version can't read: of another version, most likely.
#[derive(Debug, thiserror::Error)]
pub enum UnknownJob {
    /// The word is not one of ours.
    #[error("no handler for jobs of this kind")]
    Kind,
    /// The payload does not fit the word.
    #[error("the payload does not fit the kind")]
    Payload(#[source] serde_json::Error),
}

/// The payload of [`Job::NotifyCase`], [`Job::TellFollowers`] and [`Job::CheckContent`].
#[derive(Debug, Serialize, Deserialize)]
struct CaseEventRef {
    case_id: CaseId,
    seq: i32,
}

/// The payload of [`Job::RecountDeadlines`].
#[derive(Debug, Serialize, Deserialize)]
struct RevisionRef {
    revision_id: RevisionId,
}

/// The payload of [`Job::IndexCases`].
#[derive(Debug, Serialize, Deserialize)]
struct After {
    after: CaseId,
}

/// The payload of [`Job::HandlePush`].
#[derive(Debug, Serialize, Deserialize)]
struct PushRef {
    push_id: PushId,
}

/// The payload of [`Job::DrawBatch`].
#[derive(Debug, Serialize, Deserialize)]
struct BatchPart {
    batch_id: CodeBatchId,
    part: i32,
}

impl Job {
    /// The jobs that come again by themselves.
    pub const PERIODIC: &'static [Self] = &[
        Self::TickCases,
        Self::PlanReceptionDays,
        Self::SweepUploads,
        Self::SweepKeys,
        Self::SweepMessages,
        Self::RollFigures,
        Self::VerifyFigures,
        Self::SweepSearch,
        Self::SweepContent,
    ];

    /// The stored word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NotifyCase { .. } => "notify_case",
            Self::TellFollowers { .. } => "tell_followers",
            Self::RecountDeadlines { .. } => "recount_deadlines",
            Self::IndexCases { .. } => "index_cases",
            Self::CheckContent { .. } => "check_content",
            Self::HandlePush { .. } => "handle_push",
            Self::DrawBatch { .. } => "draw_batch",
            Self::SweepContent => "sweep_content",
            Self::SendMessages => "send_messages",
            Self::SweepMessages => "sweep_messages",
            Self::SweepSearch => "sweep_search",
            Self::TickCases => "tick_cases",
            Self::PlanReceptionDays => "plan_reception_days",
            Self::SweepUploads => "sweep_uploads",
            Self::SweepKeys => "sweep_keys",
            Self::RollFigures => "roll_figures",
            Self::VerifyFigures => "verify_figures",
        }
    }

    /// How long after one run the next one is due; `None` for a job that runs once.
    #[must_use]
    pub const fn period(&self) -> Option<TimeDelta> {
        match self {
            Self::NotifyCase { .. }
            | Self::TellFollowers { .. }
            | Self::RecountDeadlines { .. }
            | Self::CheckContent { .. }
            | Self::HandlePush { .. }
            | Self::DrawBatch { .. }
            | Self::SendMessages
            | Self::IndexCases { .. } => None,
            Self::TickCases => Some(TimeDelta::seconds(30)),
            Self::SweepMessages => Some(TimeDelta::seconds(15)),
            Self::RollFigures | Self::SweepContent => Some(TimeDelta::minutes(1)),
            Self::PlanReceptionDays | Self::SweepUploads | Self::SweepKeys | Self::SweepSearch => {
                Some(TimeDelta::hours(1))
            }
            Self::VerifyFigures => Some(TimeDelta::days(1)),
        }
    }

    /// When a periodic job that has run at `now` is due again: after its period, or in the coming night.
    #[must_use]
    pub fn next_run_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let period = self.period()?;
        if *self != Self::VerifyFigures {
            return Some(now + period);
        }
        let tonight = start_of_day(shanghai_date(now)) + NIGHT;
        Some(if tonight > now { tonight } else { tonight + period })
    }

    /// The key under which a periodic job is pending at most once: its word.
    #[must_use]
    pub fn periodic_key(&self) -> Option<&'static str> {
        self.period().map(|_| self.kind())
    }

    /// The stored payload.
    #[must_use]
    pub fn payload(&self) -> Value {
        match self {
            Self::NotifyCase { case_id, seq }
            | Self::TellFollowers { case_id, seq }
            | Self::CheckContent { case_id, seq } => {
                serde_json::json!({ "case_id": case_id, "seq": seq })
            }
            Self::RecountDeadlines { revision_id } => serde_json::json!({ "revision_id": revision_id }),
            Self::IndexCases { after } => serde_json::json!({ "after": after }),
            Self::HandlePush { push_id } => serde_json::json!({ "push_id": push_id }),
            Self::DrawBatch { batch_id, part } => serde_json::json!({ "batch_id": batch_id, "part": part }),
            Self::TickCases
            | Self::SweepContent
            | Self::PlanReceptionDays
            | Self::SweepUploads
            | Self::SweepKeys
            | Self::SweepSearch
            | Self::SendMessages
            | Self::SweepMessages
            | Self::RollFigures
            | Self::VerifyFigures => serde_json::json!({}),
        }
    }

    /// Reads a stored job.
    ///
    /// # Errors
    /// The word or the payload is not of this version.
    pub fn parse(kind: &str, payload: Value) -> Result<Self, UnknownJob> {
        match kind {
            "notify_case" => {
                let CaseEventRef { case_id, seq } =
                    serde_json::from_value(payload).map_err(UnknownJob::Payload)?;
                Ok(Self::NotifyCase { case_id, seq })
            }
            "tell_followers" => {
                let CaseEventRef { case_id, seq } =
                    serde_json::from_value(payload).map_err(UnknownJob::Payload)?;
                Ok(Self::TellFollowers { case_id, seq })
            }
            "recount_deadlines" => {
                let RevisionRef { revision_id } =
                    serde_json::from_value(payload).map_err(UnknownJob::Payload)?;
                Ok(Self::RecountDeadlines { revision_id })
            }
            "check_content" => {
                let CaseEventRef { case_id, seq } =
                    serde_json::from_value(payload).map_err(UnknownJob::Payload)?;
                Ok(Self::CheckContent { case_id, seq })
            }
            "handle_push" => {
                let PushRef { push_id } = serde_json::from_value(payload).map_err(UnknownJob::Payload)?;
                Ok(Self::HandlePush { push_id })
            }
            "draw_batch" => {
                let BatchPart { batch_id, part } =
                    serde_json::from_value(payload).map_err(UnknownJob::Payload)?;
                Ok(Self::DrawBatch { batch_id, part })
            }
            "sweep_content" => Ok(Self::SweepContent),
            "index_cases" => {
                let After { after } = serde_json::from_value(payload).map_err(UnknownJob::Payload)?;
                Ok(Self::IndexCases { after })
            }
            "send_messages" => Ok(Self::SendMessages),
            "sweep_messages" => Ok(Self::SweepMessages),
            "sweep_search" => Ok(Self::SweepSearch),
            "tick_cases" => Ok(Self::TickCases),
            "plan_reception_days" => Ok(Self::PlanReceptionDays),
            "sweep_uploads" => Ok(Self::SweepUploads),
            "sweep_keys" => Ok(Self::SweepKeys),
            "roll_figures" => Ok(Self::RollFigures),
            "verify_figures" => Ok(Self::VerifyFigures),
            _ => Err(UnknownJob::Kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_stored_job_is_read_back_as_the_same() {
        let notify = Job::NotifyCase { case_id: CaseId(Uuid::from_u128(7)), seq: 3 };
        let tell = Job::TellFollowers { case_id: CaseId(Uuid::from_u128(8)), seq: 4 };
        let recount = Job::RecountDeadlines { revision_id: RevisionId(Uuid::from_u128(9)) };
        let index = Job::IndexCases { after: CaseId(Uuid::from_u128(10)) };
        let check = Job::CheckContent { case_id: CaseId(Uuid::from_u128(11)), seq: 5 };
        let push = Job::HandlePush { push_id: PushId(Uuid::from_u128(12)) };
        let draw = Job::DrawBatch { batch_id: CodeBatchId(Uuid::from_u128(13)), part: 6 };
        let others = [&notify, &tell, &recount, &index, &check, &push, &draw, &Job::SendMessages];
        for job in Job::PERIODIC.iter().chain(others) {
            assert_eq!(&Job::parse(job.kind(), job.payload()).unwrap(), job);
        }
    }

    #[test]
    fn a_job_of_another_version_is_refused_and_not_guessed() {
        assert!(matches!(Job::parse("print_poster", Value::Null), Err(UnknownJob::Kind)));
        assert!(matches!(Job::parse("notify_case", Value::Null), Err(UnknownJob::Payload(_))));
    }

    #[test]
    fn every_periodic_job_has_a_period_and_no_other_has() {
        assert!(Job::PERIODIC.iter().all(|job| job.period().is_some() && job.periodic_key().is_some()));
        assert_eq!(Job::NotifyCase { case_id: CaseId(Uuid::nil()), seq: 1 }.period(), None);
    }
    #[test]
    fn the_nightly_work_comes_once_a_night() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let next = |now: &str| Job::VerifyFigures.next_run_at(at(now)).unwrap();
        // 03:00 in Shanghai is 19:00 in UTC, the day before.
        assert_eq!(next("2026-03-02T18:59:59Z"), at("2026-03-02T19:00:00Z"));
        assert_eq!(next("2026-03-02T19:00:00Z"), at("2026-03-03T19:00:00Z"));
        assert_eq!(next("2026-03-02T16:00:00Z"), at("2026-03-02T19:00:00Z"));
    }
}
