//! Why a job did not succeed, with the decision whether to try again.

use std::error::Error as StdError;

use crate::store::StoreError;

/// The longest reason that is stored, in characters.
const MAX_REASON: usize = 200;

/// Any error of ours, on its way to the outbox.
type Cause = Box<dyn StdError + Send + Sync>;

/// A job did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Trying again later may help.
    #[error("a job failed for now")]
    Retry(#[source] Cause),
    /// Trying again won't help.
    #[error("a job failed for good")]
    Fail(#[source] Cause),
}

impl JobError {
    /// Trying again later may help.
    pub fn retry(cause: impl Into<Cause>) -> Self {
        Self::Retry(cause.into())
    }

    /// Trying again won't help.
    pub fn fail(cause: impl Into<Cause>) -> Self {
        Self::Fail(cause.into())
    }

    /// The chain of causes in one short line, fit to be stored.
    ///
    /// It ends at the first [`StoreError`]: what a database says below it may quote values of rows.
    #[must_use]
    pub fn reason(&self) -> String {
        let (Self::Retry(cause) | Self::Fail(cause)) = self;
        let mut reason = cause.to_string();
        let mut error: &(dyn StdError + 'static) = cause.as_ref();
        while !error.is::<StoreError>()
            && let Some(source) = error.source()
        {
            reason.push_str(": ");
            reason.push_str(&source.to_string());
            error = source;
        }
        reason.chars().take(MAX_REASON).collect()
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Duplicate(_) | StoreError::Other(_) => {
                Self::retry(error)
            }
            StoreError::Inconsistent { .. } => Self::fail(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::DbErr;

    use super::*;

    #[test]
    fn what_the_database_says_is_not_stored() {
        let error = JobError::from(StoreError::Other(DbErr::Custom("value 'Zhang'".to_owned())));
        assert_eq!(error.reason(), "a query failed");
    }

    #[test]
    fn a_long_reason_is_cut() {
        assert_eq!(JobError::retry("x".repeat(900)).reason().len(), MAX_REASON);
    }

    #[test]
    fn a_row_that_breaks_the_rules_is_not_tried_again() {
        let error = StoreError::inconsistent("cases", "1", "no station");
        assert!(matches!(JobError::from(error), JobError::Fail(_)));
    }
}
