//! `/calendar`: the working days, the years that are imported, and what each import has moved.

mod import_year;
mod list_moved;
mod list_revisions;
mod show_revision;
mod show_year;

use domain::calendar::RowFault;

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::map::RouteMap;
use crate::service::calendar::ImportError;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(show_year::show_calendar)
        .service(import_year::import_calendar)
        .service(list_revisions::list_calendar_revisions)
        .service(show_revision::show_calendar_revision)
        .service(list_moved::list_moved_deadlines);
}

/// The first year that somebody can ask for or import.
const FIRST_YEAR: i32 = 2000;
/// The last one.
const LAST_YEAR: i32 = 2100;

/// A row of the year that is wrong.
fn row_fault(row: usize, fault: RowFault) -> FieldError {
    let (code, detail) = match fault {
        RowFault::OutsideYear => ("outside_year", "不在该年度的通知范围内。"),
        RowFault::NamedTwice => ("named_twice", "同一天出现了两次。"),
        RowFault::NotAWeekend => ("not_a_weekend", "只有周六、周日可以调为工作日。"),
    };
    FieldError::new(format!("/days/{row}/day"), code, detail)
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Unknown => Self::new(ErrorCode::NotFound),
            ImportError::Rows(faults) => {
                Self::invalid(faults.into_iter().map(|(row, fault)| row_fault(row, fault)).collect())
            }
            ImportError::NamedByAnotherYear(day) => {
                let detail = format!("{day} 已由另一年度的通知规定。");
                Self::invalid(vec![FieldError::new("/days", "named_by_another_year", detail)])
            }
            ImportError::Calendar(error) => Self::new(ErrorCode::Internal).source(error),
            ImportError::Unwritable(error) => Self::new(ErrorCode::Internal).source(error),
            ImportError::Key(error) => error.into(),
            ImportError::Store(error) => error.into(),
        }
    }
}
