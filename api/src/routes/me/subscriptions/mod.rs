//! `/me/subscriptions`: what the caller is asked to agree to, and what the popup was answered.

mod list;
mod tell;

use crate::error::{ApiError, ErrorCode};
use crate::routes::map::RouteMap;
use crate::routes::problems::problems;
use crate::service::subscription_offers::TellError;

/// The routes of this folder.
pub(super) fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(list::list_subscriptions).service(tell::tell_subscriptions);
}

problems!(TellProblems: NotFound, IdempotencyKeyReused);

impl From<TellError> for ApiError {
    fn from(error: TellError) -> Self {
        match error {
            TellError::NoUser => Self::new(ErrorCode::NotFound),
            TellError::Key(error) => error.into(),
            TellError::Store(error) => error.into(),
        }
    }
}
