//! What the lists of the directory share: whose they are, what is searched for, how they fail.

use domain::ids::CommitteeId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::service::directory::DirectoryError;

/// The most characters that are searched for.
const MOST_WORDS: usize = 60;

/// Whose list is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CommitteeQuery {
    /// The committee; all of them when not given.
    pub committee: Option<CommitteeId>,
}

/// What is searched for; nothing when blank.
pub(super) fn search_words(q: Option<&str>) -> Result<Option<String>, ApiError> {
    let words = q.map(str::trim).filter(|words| !words.is_empty());
    if words.is_some_and(|words| words.chars().count() > MOST_WORDS || words.contains('\0')) {
        return Err(ApiError::invalid(vec![FieldError::new("q", "invalid", "搜索内容最多 60 个字。")]));
    }
    Ok(words.map(str::to_owned))
}

impl From<DirectoryError> for ApiError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Unknown => Self::new(ErrorCode::NotFound),
            DirectoryError::NotStaff => Self::new(ErrorCode::NotAllowed),
            DirectoryError::Store(error) => error.into(),
            DirectoryError::Unwritable(error) => Self::new(ErrorCode::Internal).source(error),
        }
    }
}
