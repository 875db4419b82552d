//! `/cases/{id}/draft`: the answer that is not sent yet.

mod discard;
mod keep;
mod show;

use crate::error::{ApiError, ErrorCode};
use crate::routes::map::RouteMap;
use crate::routes::problems::problems;
use crate::service::drafts::DraftError;

/// The routes of this folder.
pub(super) fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(show::show_draft).service(keep::keep_draft).service(discard::discard_draft);
}

problems!(DraftProblems: NotAllowed, WrongState, VersionConflict, UploadUnknown, IdempotencyKeyReused);

impl From<DraftError> for ApiError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Case(error) => error.into(),
            DraftError::NotAllowed => Self::new(ErrorCode::NotAllowed),
            DraftError::NotFound => Self::new(ErrorCode::NotFound),
            DraftError::WrongState { state } => Self::new(ErrorCode::WrongState)
                .detail(format!("“{}”状态下不能保存答复草稿。", state.label()))
                .with("state", state),
            DraftError::UploadUnknown => Self::new(ErrorCode::UploadUnknown),
            DraftError::VersionConflict { current } => {
                Self::new(ErrorCode::VersionConflict).with("current", current)
            }
        }
    }
}
