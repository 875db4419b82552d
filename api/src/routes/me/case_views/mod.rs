//! `/me/case-views`: lists of cases that the caller has kept under names.

mod change;
mod create;
mod list;
mod remove;

use crate::error::{ApiError, ErrorCode};
use crate::routes::cases::read_kept_query;
use crate::routes::fields::Fields;
use crate::routes::map::RouteMap;
use crate::routes::problems::problems;
use crate::service::saved_views::{CheckedQuery, SavedViewError};

/// The routes of this folder.
pub(super) fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(list::list_case_views)
        .service(create::create_case_view)
        .service(change::change_case_view)
        .service(remove::delete_case_view);
}

problems!(KeepProblems: NotAllowed, NotFound, AlreadyExists, TooManyViews, IdempotencyKeyReused);

/// The longest query, in bytes: every filter at once, with the longest search in Chinese.
const MAX_QUERY: usize = 2_000;

/// Checks the query of a list; what is wrong is noted.
fn read_query(fields: &mut Fields, text: &str) -> Option<CheckedQuery> {
    const POINTER: &str = "/query";
    if text.len() > MAX_QUERY {
        fields.wrong(POINTER, "too_long", format!("最多{MAX_QUERY}个字符。"));
        return None;
    }
    // As it stands in a URL: a reader puts it behind the question mark, and nothing of it ends up elsewhere.
    let is_written_out =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'"' | b'<' | b'>' | b'\\');
    if text.is_empty() || !text.bytes().all(is_written_out) {
        fields.wrong(POINTER, "invalid", "应为件列表的查询参数，汉字和空格须按 URL 编码。");
        return None;
    }
    match read_kept_query(text) {
        Ok(view) => Some(CheckedQuery { view, text: text.to_owned() }),
        Err(parameter) => {
            let parameter: String = parameter.chars().take(40).collect();
            fields.wrong(POINTER, "invalid", format!("查询参数“{parameter}”不正确。"));
            None
        }
    }
}

impl From<SavedViewError> for ApiError {
    fn from(error: SavedViewError) -> Self {
        match error {
            SavedViewError::List(error) => error.into(),
            SavedViewError::NotFound => Self::new(ErrorCode::NotFound),
            SavedViewError::TooMany => Self::new(ErrorCode::TooManyViews),
            SavedViewError::Gone => Self::new(ErrorCode::AccountDisabled),
            SavedViewError::Key(error) => error.into(),
        }
    }
}
