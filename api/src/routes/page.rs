//! Pages of lists: a limit, an opaque cursor, and the envelope.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, ErrorCode, FieldError};

/// How many items a page has when nothing is said.
const DEFAULT_LIMIT: u64 = 20;
/// The most items on a page.
const MAX_LIMIT: u64 = 100;

/// Which page is wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Items on the page, 1 to 100.
    pub limit: Option<u64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The limit, checked.
    ///
    /// # Errors
    /// It is not between 1 and 100.
    pub fn limit(&self) -> Result<u64, ApiError> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if (1..=MAX_LIMIT).contains(&limit) {
            return Ok(limit);
        }
        Err(ApiError::invalid(vec![FieldError::new("limit", "out_of_range", "每页数量应为 1 到 100。")]))
    }

    /// Where the page begins.
    ///
    /// # Errors
    /// The cursor was not made by us.
    pub fn cursor<T: for<'de> Deserialize<'de>>(&self) -> Result<Option<T>, ApiError> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let unreadable = || ApiError::new(ErrorCode::BadRequest).detail("翻页参数无效，请从第一页开始。");
        let bytes = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| unreadable())?;
        if is_forged(&bytes) {
            return Err(unreadable());
        }
        serde_json::from_slice(&bytes).map(Some).map_err(|_| unreadable())
    }
}

/// Whether a cursor holds what ours never do and PostgreSQL does not take: NUL in a text, or a year that
/// needs a sign.
fn is_forged(bytes: &[u8]) -> bool {
    let signed = |at: &[u8]| matches!(at, [b'"', b'-' | b'+', digit] if digit.is_ascii_digit());
    bytes.windows(6).any(|at| at == br"\u0000") || bytes.windows(3).any(signed)
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` rows: the one too many only tells that there is a next page.
    pub fn from_rows<Cursor: Serialize>(
        mut items: Vec<T>,
        limit: u64,
        cursor: impl Fn(&T) -> Cursor,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).and_then(|last| {
            let bytes = serde_json::to_vec(&cursor(last)).ok()?;
            Some(data_encoding::BASE64URL_NOPAD.encode(&bytes))
        });
        Self { items, next_cursor }
    }

    /// The same page with every item turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next_cursor: self.next_cursor }
    }
}
