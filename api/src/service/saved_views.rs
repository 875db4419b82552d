//! Lists of cases that somebody looks at often (常用筛选): a name and the query of the list. What the list
//! shows is decided anew whenever it is read, by the roles that its owner has then.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, SavedViewId};
use domain::text::ViewName;
use domain::vocabulary::AccountState;
use entity::saved_view;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::service::case_lists::{self, ListError, View};
use crate::service::idempotency::{self, IdempotencyError};
use crate::state::Parts;
use crate::store::{self, StoreError, Transaction};

/// The most views of one account.
pub const MOST: u64 = 30;

/// Why a view was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SavedViewError {
    /// The caller has no role that the list is for, or the database failed.
    #[error(transparent)]
    List(#[from] ListError),
    /// The caller has no such view.
    #[error("the caller has no such view")]
    NotFound,
    /// The caller has as many as there may be.
    #[error("the caller has {MOST} views already")]
    TooMany,
    /// The account has just been erased or disabled.
    #[error("the account is not active any more")]
    Gone,
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
}

impl From<StoreError> for SavedViewError {
    fn from(error: StoreError) -> Self {
        Self::List(error.into())
    }
}

/// A list of cases that somebody has kept under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedCaseView)]
pub struct SavedView {
    /// Its id.
    pub id: SavedViewId,
    /// As its owner calls it.
    pub name: String,
    /// The query of `GET /cases`, as it was given.
    pub query: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

impl From<saved_view::Model> for SavedView {
    fn from(row: saved_view::Model) -> Self {
        let saved_view::Model { id, name, query, created_at, updated_at, .. } = row;
        Self { id, name, query, created_at, updated_at }
    }
}

/// The query of a list that has been checked.
#[derive(Debug, Clone)]
pub struct CheckedQuery {
    /// Which list it is of.
    pub view: View,
    /// The whole of it.
    pub text: String,
}

/// Up to `limit` views of the caller after `last`.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    last: Option<SavedViewId>,
    limit: u64,
) -> Result<Vec<SavedView>, StoreError> {
    let rows = store::saved_views::list(state.db.reader(), caller.account_id, last, limit).await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// Keeps a list under a name that the caller has not used.
///
/// # Errors
/// [`SavedViewError`]; nothing has changed then.
pub async fn create(
    state: &Parts,
    caller: &Caller,
    name: ViewName,
    query: CheckedQuery,
    request: Option<&idempotency::Request>,
) -> Result<SavedView, SavedViewError> {
    case_lists::scope(state, caller, query.view).await?;
    let account_id = caller.account_id;
    idempotency::once(state, request, idempotency::CREATED, async |tx| {
        // Two at once must not both be the last one.
        lock_account(tx, account_id).await?;
        if store::saved_views::count(tx, account_id).await? >= MOST {
            return Err(SavedViewError::TooMany);
        }
        let now = state.clock.now();
        let row = saved_view::Model {
            id: state.ids.next(),
            account_id,
            name: name.into_string(),
            query: query.text,
            created_at: now,
            updated_at: now,
        };
        store::saved_views::insert(tx, row.clone()).await?;
        Ok(row.into())
    })
    .await
}

/// Gives a view another name, another query, or both.
///
/// # Errors
/// [`SavedViewError`]; nothing has changed then.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    id: SavedViewId,
    (name, query): (Option<ViewName>, Option<CheckedQuery>),
    request: Option<&idempotency::Request>,
) -> Result<SavedView, SavedViewError> {
    idempotency::once(state, request, idempotency::OK, async |tx| {
        let found = store::saved_views::lock(tx, caller.account_id, id).await?;
        let mut row = found.ok_or(SavedViewError::NotFound)?;
        if let Some(query) = query {
            case_lists::scope(state, caller, query.view).await?;
            row.query = query.text;
        }
        row.name = name.map_or(row.name, ViewName::into_string);
        row.updated_at = state.clock.now();
        store::saved_views::update(tx, row.clone()).await?;
        Ok(row.into())
    })
    .await
}

/// Removes a view.
///
/// # Errors
/// [`SavedViewError`]; nothing has changed then.
pub async fn remove(
    state: &Parts,
    caller: &Caller,
    id: SavedViewId,
    request: Option<&idempotency::Request>,
) -> Result<(), SavedViewError> {
    idempotency::once(state, request, idempotency::NO_CONTENT, async |tx| {
        match store::saved_views::delete(tx, caller.account_id, id).await? {
            true => Ok(()),
            false => Err(SavedViewError::NotFound),
        }
    })
    .await
}

async fn lock_account(tx: &Transaction, id: AccountId) -> Result<(), SavedViewError> {
    let account = store::accounts::lock(tx, id).await?;
    match account.is_some_and(|account| account.state == AccountState::Active) {
        true => Ok(()),
        false => Err(SavedViewError::Gone),
    }
}
