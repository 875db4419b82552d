//! Templates of answers.

use domain::ids::{AnswerTemplateId, CategoryId, CommitteeId};
use entity::answer_template::{ActiveModel, Column, Entity, Model};
use entity::category;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{StoreError, Transaction};

/// The most templates that an answer is compared with.
const MOST_COMPARED: u64 = 500;

/// Which templates are listed.
#[derive(Debug, Clone)]
pub struct TemplateFilter {
    /// Of these committees.
    pub committees: Vec<CommitteeId>,
    /// Of these also those that are not offered any more.
    pub with_inactive: Vec<CommitteeId>,
    /// Fit for this category: of it, or of none.
    pub category_id: Option<CategoryId>,
}

/// Up to `limit` templates after `last`, in the order in which they were made.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: &TemplateFilter,
    last: Option<AnswerTemplateId>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let offered = Condition::any()
        .add(Column::Active.eq(true))
        .add(Column::CommitteeId.is_in(filter.with_inactive.iter().copied()));
    let mut select = Entity::find()
        .filter(Column::CommitteeId.is_in(filter.committees.iter().copied()))
        .filter(offered)
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(category_id) = filter.category_id {
        let fits = Condition::any().add(Column::CategoryId.eq(category_id)).add(Column::CategoryId.is_null());
        select = select.filter(fits);
    }
    if let Some(last) = last {
        select = select.filter(Column::Id.gt(last));
    }
    Ok(select.all(db).await?)
}

/// The words of the templates that these committees offer, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_bodies(
    db: &impl ConnectionTrait,
    committees: &[CommitteeId],
) -> Result<Vec<String>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Body)
        .filter(Column::CommitteeId.is_in(committees.iter().copied()))
        .filter(Column::Active.eq(true))
        .order_by_desc(Column::Id)
        .limit(MOST_COMPARED)
        .into_tuple()
        .all(db)
        .await?)
}

/// Finds a template and locks it until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &Transaction, id: AnswerTemplateId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

/// Stores a new template.
///
/// # Errors
/// [`StoreError::Duplicate`] when the committee has one of this title.
pub async fn insert(tx: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.insert(tx).await?;
    Ok(())
}

/// Saves a changed template.
///
/// # Errors
/// [`StoreError::Duplicate`] when the committee has another one of this title.
pub async fn update(tx: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.update(tx).await?;
    Ok(())
}

/// Whether the committee has this category, and still offers it.
///
/// # Errors
/// The database does not answer.
pub async fn has_category(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    id: CategoryId,
) -> Result<bool, StoreError> {
    let found: Option<CategoryId> = category::Entity::find_by_id(id)
        .filter(category::Column::CommitteeId.eq(committee_id))
        .filter(category::Column::ClosedAt.is_null())
        .select_only()
        .column(category::Column::Id)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}
