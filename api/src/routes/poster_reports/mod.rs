//! `/poster-reports`: posters that look wrong to somebody.

mod create;
mod list;
mod list_of_station;
mod settle;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{ApiError, ErrorCode};
use crate::routes::map::RouteMap;
use crate::service::poster_reports::PosterReportError;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(create::create_poster_report)
        .service(list::list_poster_reports)
        .service(settle::settle_poster_report);
}

/// The reports of a station, below it.
pub fn of_station(routes: &mut RouteMap<'_, '_>) {
    routes.service(list_of_station::list_station_poster_reports);
}

/// Which reports are listed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportsQuery {
    /// Only those at which nobody has looked yet.
    #[serde(default)]
    unsettled: bool,
}

impl From<PosterReportError> for ApiError {
    fn from(error: PosterReportError) -> Self {
        match error {
            PosterReportError::Unknown => Self::new(ErrorCode::NotFound),
            PosterReportError::NotAllowed => Self::new(ErrorCode::NotAllowed),
            PosterReportError::Key(error) => error.into(),
            PosterReportError::Store(error) => error.into(),
        }
    }
}
