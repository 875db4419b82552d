//! Templates of answers: offered to those who answer, written by the committee's admin.

use chrono::{DateTime, Utc};
use domain::answer;
use domain::ids::{AnswerTemplateId, CategoryId, CommitteeId};
use domain::role::Role;
use domain::text::{AnswerText, Name};
use entity::answer_template;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::service::committees::CommitteeTree;
use crate::service::directory::{self, DirectoryError};
use crate::service::idempotency::{self, IdempotencyError};
use crate::state::Parts;
use crate::store::answer_templates::TemplateFilter;
use crate::store::{self, StoreError};

/// Why a template was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The caller runs no committee.
    #[error("the caller runs no committee")]
    NotAllowed,
    /// There is no such template or committee, or not for this caller.
    #[error("no such template or committee for this caller")]
    NotFound,
    /// The category does not exist, is closed, or belongs to another committee.
    #[error("no such open category in the committee")]
    UnknownCategory,
    /// A field of the words is broken.
    #[error(transparent)]
    Field(#[from] answer::TemplateError),
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A template of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AnswerTemplate {
    /// Its id.
    pub id: AnswerTemplateId,
    /// Whose it is; committees below use it too.
    pub committee_id: CommitteeId,
    /// What it is for; any category when `null`.
    pub category_id: Option<CategoryId>,
    /// What it is called.
    pub title: String,
    /// The words, with fields as `{{名称}}`.
    pub body: String,
    /// The names of its fields, in order.
    pub fields: Vec<String>,
    /// Whether it is offered.
    pub active: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

impl From<answer_template::Model> for AnswerTemplate {
    fn from(row: answer_template::Model) -> Self {
        Self {
            // The fields were checked when the words were stored.
            fields: answer::fields(&row.body).unwrap_or_default(),
            id: row.id,
            committee_id: row.committee_id,
            category_id: row.category_id,
            title: row.title,
            body: row.body,
            active: row.active,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A template to be made.
#[derive(Debug)]
pub struct NewTemplate {
    /// Whose it is.
    pub committee_id: CommitteeId,
    /// What it is for.
    pub category_id: Option<CategoryId>,
    /// What it is called.
    pub title: Name,
    /// The words.
    pub body: AnswerText,
}

/// What is to change of a template; the rest stays.
#[derive(Debug)]
pub struct TemplateChange {
    /// What it is for; `Some(None)` for any category.
    pub category_id: Option<Option<CategoryId>>,
    /// What it is called.
    pub title: Option<Name>,
    /// The words.
    pub body: Option<AnswerText>,
    /// Whether it is offered.
    pub active: Option<bool>,
}

/// Up to `limit` templates that the caller can use; with those that are not offered any more of committees
/// that he runs, if wanted.
///
/// # Errors
/// The caller is no staff.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    category_id: Option<CategoryId>,
    with_inactive: bool,
    last: Option<AnswerTemplateId>,
    limit: u64,
) -> Result<Vec<AnswerTemplate>, DirectoryError> {
    let committees = directory::committees_of(state, caller).await?;
    if committees.is_empty() {
        return Err(DirectoryError::NotStaff);
    }
    let with_inactive = if with_inactive { run_by(state, caller).await? } else { Vec::new() };
    let filter = TemplateFilter { committees, with_inactive, category_id };
    let rows = store::answer_templates::list(state.db.reader(), &filter, last, limit).await?;
    Ok(rows.into_iter().map(AnswerTemplate::from).collect())
}

/// Makes a template.
///
/// # Errors
/// [`TemplateError`]; nothing has changed then.
pub async fn create(
    state: &Parts,
    caller: &Caller,
    new: NewTemplate,
    request: Option<&idempotency::Request>,
) -> Result<AnswerTemplate, TemplateError> {
    check_reach(state, caller, new.committee_id).await?;
    answer::fields(new.body.as_str())?;
    idempotency::once(state, request, idempotency::CREATED, async |tx| {
        if let Some(id) = new.category_id
            && !store::answer_templates::has_category(tx, new.committee_id, id).await?
        {
            return Err(TemplateError::UnknownCategory);
        }
        let now = state.clock.now();
        let row = answer_template::Model {
            id: state.ids.next(),
            committee_id: new.committee_id,
            category_id: new.category_id,
            title: new.title.into_string(),
            body: new.body.into_string(),
            active: true,
            created_at: now,
            updated_at: now,
        };
        store::answer_templates::insert(tx, row.clone()).await?;
        Ok(row.into())
    })
    .await
}

/// Changes a template. Answers that were made with it stay what they are.
///
/// # Errors
/// [`TemplateError`]; nothing has changed then.
pub async fn change(
    state: &Parts,
    caller: &Caller,
    id: AnswerTemplateId,
    change: TemplateChange,
    request: Option<&idempotency::Request>,
) -> Result<AnswerTemplate, TemplateError> {
    if let Some(body) = &change.body {
        answer::fields(body.as_str())?;
    }
    let committees = run_by(state, caller).await?;
    if committees.is_empty() {
        return Err(TemplateError::NotAllowed);
    }
    idempotency::once(state, request, idempotency::OK, async |tx| {
        let found = store::answer_templates::lock(tx, id).await?;
        let row = found.filter(|row| committees.contains(&row.committee_id));
        let mut row = row.ok_or(TemplateError::NotFound)?;
        if let Some(category_id) = change.category_id {
            if let Some(id) = category_id
                && !store::answer_templates::has_category(tx, row.committee_id, id).await?
            {
                return Err(TemplateError::UnknownCategory);
            }
            row.category_id = category_id;
        }
        row.title = change.title.map_or(row.title, Name::into_string);
        row.body = change.body.map_or(row.body, AnswerText::into_string);
        row.active = change.active.unwrap_or(row.active);
        row.updated_at = state.clock.now();
        store::answer_templates::update(tx, row.clone()).await?;
        Ok(row.into())
    })
    .await
}

/// The committees that the caller runs: his own and those below.
async fn run_by(state: &Parts, caller: &Caller) -> Result<Vec<CommitteeId>, StoreError> {
    let own: Vec<CommitteeId> = caller.scopes(Role::CommitteeAdmin).map(CommitteeId).collect();
    if own.is_empty() {
        return Ok(own);
    }
    let tree = CommitteeTree::load(state).await?;
    Ok(own.iter().flat_map(|id| tree.below(*id)).collect())
}

async fn check_reach(state: &Parts, caller: &Caller, id: CommitteeId) -> Result<(), TemplateError> {
    let committees = run_by(state, caller).await?;
    if committees.is_empty() {
        return Err(TemplateError::NotAllowed);
    }
    if committees.contains(&id) { Ok(()) } else { Err(TemplateError::NotFound) }
}
