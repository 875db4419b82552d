//! `/code-batches`: many posters at once, as one file; ordered below `/committees/{id}`.

mod download;
mod list;
mod order;
mod show;

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::map::RouteMap;
use crate::service::code_batches::{BatchError, MOST_CODES};

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(show::show_code_batch).service(download::download_code_batch);
}

/// The batches of a committee, below it.
pub fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes.service(order::create_code_batch).service(list::list_code_batches);
}

impl From<BatchError> for ApiError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Unknown => Self::new(ErrorCode::NotFound),
            BatchError::NoCodes => {
                Self::invalid(vec![FieldError::new("", "no_codes", "没有符合条件的二维码。")])
            }
            BatchError::TooManyCodes(found) => {
                let detail = format!(
                    "符合条件的二维码有 {found} 个，一次最多制作 {MOST_CODES} 个，请按工作站分批制作。"
                );
                Self::invalid(vec![FieldError::new("", "too_many_codes", detail)])
            }
            BatchError::TooManyOpen => Self::new(ErrorCode::TooManyBatches),
            BatchError::NotReady { state, failure } => {
                let problem = Self::new(ErrorCode::BatchNotReady).with("state", state);
                match failure {
                    Some(failure) => problem.detail(failure),
                    None => problem,
                }
            }
            BatchError::Key(error) => error.into(),
            BatchError::Json(error) => Self::new(ErrorCode::Internal).source(error),
            BatchError::Files(error) => Self::new(ErrorCode::Unavailable).source(error),
            BatchError::Store(error) => error.into(),
        }
    }
}
