//! Writing down what came out of a check: the piece is shown, or held back until a person has looked.

use chrono::{DateTime, Utc};
use domain::case::{self, Decision};
use domain::content::{ContentState, Finding};
use domain::ids::{AccountId, ContentCheckId};
use entity::content_check;

use crate::service::{casework, terms};
use crate::state::{AppState, Parts};
use crate::store::cases::StoredCase;
use crate::store::{self, StoreError, Transaction};
use crate::wechat::{Class, MediaVerdict, Suggestion, WeChatError};

/// How many overdue checks one run of the sweep takes.
const BATCH: u64 = 100;

/// What came out of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be shown.
    Pass,
    /// A person has to look.
    Hold {
        /// Why.
        finding: Finding,
        /// WeChat's number of what is wrong.
        label: Option<i64>,
    },
}

impl Verdict {
    /// A person has to look, and WeChat has said nothing of the content.
    #[must_use]
    pub const fn hold(finding: Finding) -> Self {
        Self::Hold { finding, label: None }
    }

    /// The worse of two: risky, then whatever else is held back.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Pass, other) => other,
            (worse, Self::Pass) | (worse @ Self::Hold { finding: Finding::Risky, .. }, _) => worse,
            (_, worse @ Self::Hold { finding: Finding::Risky, .. }) => worse,
            (worse, _) => worse,
        }
    }

    /// Why a person has to look after a failed call. No failure means that something is good.
    #[must_use]
    pub fn finding_of(error: &WeChatError) -> Finding {
        /// The user has not opened the mini-program in the last two hours.
        const NOT_SEEN: i64 = 61010;
        /// The system is busy.
        const BUSY: i64 = -1;
        let Some(refusal) = error.refusal() else { return Finding::Unavailable };
        match (refusal.code, refusal.class()) {
            (NOT_SEEN, _) => Finding::NotSeen,
            (BUSY, _) | (_, Class::RefreshToken) => Finding::Unavailable,
            (_, Class::Quota | Class::Retry(_)) => Finding::Quota,
            (_, Class::Business | Class::Refused | Class::Operator | Class::Bug) => Finding::NotTaken,
        }
    }
}

impl From<&MediaVerdict> for Verdict {
    fn from(verdict: &MediaVerdict) -> Self {
        if verdict.errcode != 0 {
            return Self::hold(Finding::NotFetched);
        }
        let label = verdict.label;
        match verdict.suggest.as_deref().map(Suggestion::of) {
            Some(Suggestion::Pass) => Self::Pass,
            Some(Suggestion::Risky) => Self::Hold { finding: Finding::Risky, label },
            Some(Suggestion::Review) | None => Self::Hold { finding: Finding::Review, label },
        }
    }
}

/// Settles a check, once: what comes later, or again, changes nothing.
///
/// # Errors
/// The database does not answer.
pub async fn settle(state: &AppState, id: ContentCheckId, verdict: Verdict) -> Result<(), StoreError> {
    let Some(check) = store::content_checks::find(state.db.reader(), id).await? else { return Ok(()) };
    let now = state.clock.now();
    let tx = state.db.begin().await?;
    let Some(stored) = store::cases::lock(&tx, check.case_id).await? else { return Ok(()) };
    let (to, finding, label) = match verdict {
        Verdict::Pass => (ContentState::Passed, None, None),
        Verdict::Hold { finding, label } => (ContentState::Held, Some(finding), label),
    };
    if !store::content_checks::settle(&tx, id, to, finding, label, now).await? {
        return Ok(());
    }
    show(&tx, &check, to).await?;
    if let Some(finding) = finding {
        let decision = case::hold_content(&stored.case, check.event_seq, finding, now);
        apply(state, &tx, &stored, &decision, None, now).await?;
    }
    tx.commit().await?;
    let medium = if check.upload_id.is_some() { "picture" } else { "text" };
    let outcome = finding.map_or(ContentState::Passed.as_str(), Finding::as_str);
    metrics::counter!("content_checks_total", "medium" => medium, "outcome" => outcome).increment(1);
    state.jobs.wake();
    Ok(())
}

/// Settles the check that a result belongs to; `false` when none is known by this trace yet.
///
/// # Errors
/// The database does not answer.
pub async fn settle_traced(state: &AppState, verdict: &MediaVerdict) -> Result<bool, StoreError> {
    match store::content_checks::find_by_trace(state.db.reader(), &verdict.trace_id).await? {
        None => Ok(false),
        Some(id) => {
            settle(state, id, Verdict::from(verdict)).await?;
            Ok(true)
        }
    }
}

/// Hands to a person what WeChat has not said anything of in time.
///
/// # Errors
/// The database does not answer.
pub async fn sweep_due(state: &AppState) -> Result<(), StoreError> {
    loop {
        let due = store::content_checks::list_due(state.db.reader(), state.clock.now(), BATCH).await?;
        if due.is_empty() {
            return Ok(());
        }
        for id in due {
            settle(state, id, Verdict::hold(Finding::Late)).await?;
        }
    }
}

/// Shows a piece to others than staff, or no longer.
pub(super) async fn show(
    tx: &Transaction,
    check: &content_check::Model,
    state: ContentState,
) -> Result<(), StoreError> {
    match check.upload_id {
        Some(id) => store::uploads::set_check(tx, &[id], state.check()).await,
        None if check.event_seq == 1 => {
            store::content_checks::hold_text(tx, check.case_id, state.is_withheld()).await
        }
        // Who reads the history asks for the checks of its entries.
        None => Ok(()),
    }
}

/// Puts into the history what happened to a piece.
pub(super) async fn apply(
    state: &Parts,
    tx: &Transaction,
    stored: &StoredCase,
    decision: &Decision,
    account_id: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let calendar = state.calendars.current();
    let case_terms = store::case_terms::find(tx, stored.case.station_id, stored.category_id).await?;
    let wake_at = case::next_wake_at(&decision.case, &terms::context(&calendar, case_terms, now));
    casework::apply(state, tx, decision, account_id, wake_at, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::Refusal;

    #[test]
    fn no_failure_of_wechat_passes_anything() {
        let refused = |code| Verdict::finding_of(&Refusal::new(code, "whatever").into());
        for (code, finding) in [
            (61010, Finding::NotSeen),
            (-1, Finding::Unavailable),
            (40001, Finding::Unavailable),
            (45009, Finding::Quota),
            (44991, Finding::Quota),
            (40003, Finding::NotTaken),
            (87020, Finding::NotTaken),
            (47001, Finding::NotTaken),
            (99_999, Finding::NotTaken),
        ] {
            assert_eq!(refused(code), finding, "{code}");
        }
        assert_eq!(Verdict::finding_of(&WeChatError::Timeout), Finding::Unavailable);
    }

    #[test]
    fn the_worst_piece_counts() {
        let (risky, review) = (Verdict::hold(Finding::Risky), Verdict::hold(Finding::Review));
        assert_eq!(Verdict::Pass.worse(review), review);
        assert_eq!(review.worse(Verdict::Pass), review);
        assert_eq!(review.worse(risky), risky);
        assert_eq!(risky.worse(review), risky);
        assert_eq!(Verdict::Pass.worse(Verdict::Pass), Verdict::Pass);
    }

    #[test]
    fn a_result_passes_only_when_it_says_so() {
        let result = |errcode, suggest: Option<&str>| MediaVerdict {
            trace_id: "a".to_owned(),
            errcode,
            suggest: suggest.map(str::to_owned),
            label: Some(20001),
        };
        assert_eq!(Verdict::from(&result(0, Some("pass"))), Verdict::Pass);
        for (verdict, finding) in [
            (result(0, Some("review")), Finding::Review),
            (result(0, Some("risky")), Finding::Risky),
            (result(0, Some("something new")), Finding::Review),
            (result(0, None), Finding::Review),
        ] {
            assert_eq!(Verdict::from(&verdict), Verdict::Hold { finding, label: Some(20001) });
        }
        assert_eq!(Verdict::from(&result(-1008, Some("pass"))), Verdict::hold(Finding::NotFetched));
    }
}
