//! Drafts of answers: one a case.

use domain::ids::CaseId;
use entity::case_draft::{ActiveModel, Entity, Model};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::StoreError;

/// The draft of a case.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, case_id: CaseId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(case_id).one(db).await?)
}

/// Stores a draft: a new one, or in the place of the one before. The caller holds the case's lock.
///
/// # Errors
/// The database does not answer.
pub async fn put(db: &impl ConnectionTrait, row: Model, is_new: bool) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    if is_new {
        row.insert(db).await?;
        return Ok(());
    }
    row.update(db).await?;
    Ok(())
}

/// Removes the draft of a case; says whether there was one.
///
/// # Errors
/// The database does not answer.
pub async fn remove(db: &impl ConnectionTrait, case_id: CaseId) -> Result<bool, StoreError> {
    Ok(Entity::delete_by_id(case_id).exec(db).await?.rows_affected > 0)
}
