//! Drafts of answers: one a case, with the pictures that it names.

use domain::ids::{AccountId, CaseId, UploadId};
use entity::case_draft::{ActiveModel, Entity, Model};
use entity::draft_upload::{self, Column as Picture, Entity as Pictures};
use entity::upload;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::StoreError;

/// The draft of a case.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, case_id: CaseId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(case_id).one(db).await?)
}

/// Stores the first draft of a case.
///
/// # Errors
/// The database does not answer.
pub async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.insert(db).await?;
    Ok(())
}

/// Stores a draft in the place of the one before. The caller holds the case's lock.
///
/// # Errors
/// The database does not answer.
pub async fn replace(db: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.update(db).await?;
    Ok(())
}

/// Removes the draft of a case. Its pictures are free again: their names go with it (`ON DELETE CASCADE`).
///
/// # Errors
/// The database does not answer.
pub async fn remove(db: &impl ConnectionTrait, case_id: CaseId) -> Result<(), StoreError> {
    Entity::delete_by_id(case_id).exec(db).await?;
    Ok(())
}

/// The pictures that a case's draft names, in the order in which they were sent.
///
/// # Errors
/// The database does not answer.
pub async fn list_uploads(db: &impl ConnectionTrait, case_id: CaseId) -> Result<Vec<UploadId>, StoreError> {
    let of_case = Pictures::find().filter(Picture::CaseId.eq(case_id)).order_by_asc(Picture::UploadId);
    Ok(of_case.select_only().column(Picture::UploadId).into_tuple().all(db).await?)
}

/// Lets the draft of a case name these pictures, and no others.
///
/// # Errors
/// [`StoreError::Duplicate`] when another draft names one of them.
pub async fn name_uploads(
    db: &impl ConnectionTrait,
    case_id: CaseId,
    uploads: &[UploadId],
) -> Result<(), StoreError> {
    Pictures::delete_many().filter(Picture::CaseId.eq(case_id)).exec(db).await?;
    if uploads.is_empty() {
        return Ok(());
    }
    let row = |id: &UploadId| draft_upload::ActiveModel { upload_id: Set(*id), case_id: Set(case_id) };
    Pictures::insert_many(uploads.iter().map(row)).exec_without_returning(db).await?;
    Ok(())
}

/// How many of these pictures somebody may put into the draft of a case: those of his own, those sent
/// without an account, and those that it names already; none that another case or draft has.
///
/// # Errors
/// The database does not answer.
pub async fn count_free(
    db: &impl ConnectionTrait,
    uploads: &[UploadId],
    case_id: CaseId,
    account_id: AccountId,
) -> Result<u64, StoreError> {
    let sent_by = Condition::any()
        .add(upload::Column::AccountId.is_null())
        .add(upload::Column::AccountId.eq(account_id))
        .add(is_named_by(Some(case_id)));
    let elsewhere = is_named_by(None).and(is_named_by(Some(case_id)).not());
    let free = upload::Entity::find()
        .filter(upload::Column::Id.is_in(uploads.iter().copied()))
        .filter(upload::Column::CaseId.is_null())
        .filter(sent_by)
        .filter(elsewhere.not());
    Ok(free.count(db).await?)
}

/// The case whose draft names a picture.
///
/// # Errors
/// The database does not answer.
pub async fn find_case_of(db: &impl ConnectionTrait, id: UploadId) -> Result<Option<CaseId>, StoreError> {
    let named = Pictures::find_by_id(id).select_only().column(Picture::CaseId);
    Ok(named.into_tuple().one(db).await?)
}

/// That a picture of the outer query is named by the draft of this case, or of any.
pub(super) fn is_named_by(case_id: Option<CaseId>) -> Expr {
    let mut named = Query::select();
    named.column(Picture::UploadId).from(Pictures);
    if let Some(case_id) = case_id {
        named.and_where(Expr::col((Pictures, Picture::CaseId)).eq(case_id));
    }
    Expr::col((upload::Entity, upload::Column::Id)).in_subquery(named.to_owned())
}
