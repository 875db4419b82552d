//! `GET /unknown-codes`

use actix_web::{get, web};

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::unknown_codes::{self, UnknownCode, UnknownCodesError};
use crate::state::AppState;

problems!(Problems: NotAllowed, ValidationFailed);

/// Tokens that people scanned although nobody issued them, newest first: where such a poster hangs, somebody
/// should look. For who runs a station or a committee; it is not known whose it would be.
#[utoipa::path(
    tag = "codes",
    operation_id = "list_unknown_codes",
    params(PageQuery),
    responses((status = 200, description = "A page of tokens.", body = Page<UnknownCode>), Problems),
    security(("account" = []))
)]
#[get("")]
pub async fn list_unknown_codes(
    state: web::Data<AppState>,
    caller: Caller,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<UnknownCode>>, ApiError> {
    guard::account(&state, &caller)?;
    let limit = page.limit()?;
    let items = unknown_codes::list(&state, &caller, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |code| code.id)))
}

impl From<UnknownCodesError> for ApiError {
    fn from(error: UnknownCodesError) -> Self {
        match error {
            UnknownCodesError::NotAllowed => Self::new(ErrorCode::NotAllowed).source(error),
            UnknownCodesError::Store(error) => error.into(),
        }
    }
}
