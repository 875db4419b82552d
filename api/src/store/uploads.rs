//! The rows of pictures. Their files are kept by `media::Files`.

use chrono::{DateTime, Utc};
use domain::case::EventKind;
use domain::ids::{AccountId, CaseId, UploadId};
use domain::vocabulary::UploadCheck;
use entity::case_event;
use entity::upload::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, SelectExt,
};

use super::StoreError;
use super::cases::Readers;
use super::drafts::is_named_by;

/// Inserts a row.
///
/// # Errors
/// The query failed.
pub async fn insert(connection: &impl ConnectionTrait, row: Model) -> Result<(), StoreError> {
    let row: ActiveModel = row.into_active_model().reset_all();
    row.insert(connection).await?;
    Ok(())
}

/// The row of this id. Who may see it, the use case decides.
///
/// # Errors
/// The query failed.
pub async fn find(connection: &impl ConnectionTrait, id: UploadId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(connection).await?)
}

/// The pictures of a case, in the order in which they were sent.
///
/// # Errors
/// The query failed.
pub async fn list_of_case(
    connection: &impl ConnectionTrait,
    case_id: CaseId,
    readers: Readers,
) -> Result<Vec<Model>, StoreError> {
    let of_case = Entity::find().filter(Column::CaseId.eq(case_id));
    let readable = match readers {
        Readers::Staff => of_case,
        Readers::Residents => of_case.filter(is_in_unsent_answer().not()),
    };
    Ok(readable.order_by_asc(Column::Id).all(connection).await?)
}

/// Whether a picture came with an answer that was not sent: it waits to be signed off, or was given back.
///
/// # Errors
/// The query failed.
pub async fn is_unsent(connection: &impl ConnectionTrait, id: UploadId) -> Result<bool, StoreError> {
    Ok(Entity::find_by_id(id).filter(is_in_unsent_answer()).exists(connection).await?)
}

/// That a picture of the outer query came with an answer that was not sent.
fn is_in_unsent_answer() -> Expr {
    let mut entries = Query::select();
    entries
        .expr(Expr::val(1))
        .from(case_event::Entity)
        .and_where(
            Expr::col((case_event::Entity, case_event::Column::CaseId)).equals((Entity, Column::CaseId)),
        )
        .and_where(
            Expr::col((case_event::Entity, case_event::Column::Seq)).equals((Entity, Column::EventSeq)),
        )
        .and_where(case_event::Column::Kind.eq(EventKind::AnswerSubmitted));
    Expr::exists(entries.to_owned())
}

/// Lets another event of the case have the pictures of this one.
///
/// # Errors
/// The query failed.
pub async fn move_to(
    connection: &impl ConnectionTrait,
    case_id: CaseId,
    from_seq: i32,
    to_seq: i32,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::EventSeq, Expr::value(to_seq))
        .filter(Column::CaseId.eq(case_id))
        .filter(Column::EventSeq.eq(from_seq))
        .exec(connection)
        .await?;
    Ok(())
}

/// Takes the pictures of this event of the case back: no case has them then.
///
/// # Errors
/// The query failed.
pub async fn release(
    connection: &impl ConnectionTrait,
    case_id: CaseId,
    seq: i32,
) -> Result<Vec<UploadId>, StoreError> {
    let of_event = Column::CaseId.eq(case_id).and(Column::EventSeq.eq(seq));
    let ids = Entity::find().select_only().column(Column::Id).filter(of_event.clone());
    let ids = ids.order_by_asc(Column::Id).into_tuple().all(connection).await?;
    Entity::update_many()
        .col_expr(Column::CaseId, Expr::value(None::<CaseId>))
        .col_expr(Column::EventSeq, Expr::value(None::<i32>))
        .filter(of_event)
        .exec(connection)
        .await?;
    Ok(ids)
}

/// Gives free pictures to an event of a case; says how many it got.
///
/// A picture is free while no case has it. One that was sent with an account can only be taken for
/// that account, or for the case whose draft names it; one sent without is taken by whoever knows its id. One statement: of two cases that
/// want the same picture, one gets it.
///
/// # Errors
/// The query failed.
pub async fn claim(
    connection: &impl ConnectionTrait,
    ids: &[UploadId],
    case_id: CaseId,
    event_seq: i32,
    claimant: Option<AccountId>,
) -> Result<u64, StoreError> {
    let mut sent_by = Condition::any().add(Column::AccountId.is_null()).add(is_named_by(Some(case_id)));
    if let Some(account_id) = claimant {
        sent_by = sent_by.add(Column::AccountId.eq(account_id));
    }
    let taken = ActiveModel {
        case_id: sea_orm::Set(Some(case_id)),
        event_seq: sea_orm::Set(Some(event_seq)),
        ..Default::default()
    };
    let updated = Entity::update_many()
        .set(taken)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::CaseId.is_null())
        .filter(sent_by)
        .exec(connection)
        .await?;
    Ok(updated.rows_affected)
}

/// Which of these pictures this event of the case has.
///
/// # Errors
/// The query failed.
pub async fn list_claimed(
    connection: &impl ConnectionTrait,
    ids: &[UploadId],
    case_id: CaseId,
    event_seq: i32,
) -> Result<Vec<UploadId>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::CaseId.eq(case_id))
        .filter(Column::EventSeq.eq(event_seq))
        .into_tuple()
        .all(connection)
        .await?)
}

/// Up to `limit` pictures from before `before` that no case has taken and no draft names, oldest first.
///
/// # Errors
/// The query failed.
pub async fn list_unclaimed(
    connection: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<UploadId>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CaseId.is_null())
        .filter(Column::CreatedAt.lt(before))
        .filter(is_named_by(None).not())
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Removes the row unless a case or a draft has taken the picture meanwhile; says whether it did.
///
/// # Errors
/// The query failed.
pub async fn remove_unclaimed(connection: &impl ConnectionTrait, id: UploadId) -> Result<bool, StoreError> {
    let removed = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::CaseId.is_null())
        .filter(is_named_by(None).not())
        .exec(connection)
        .await?;
    Ok(removed.rows_affected == 1)
}

/// The pictures that came with an event of a case.
///
/// # Errors
/// The query failed.
pub async fn list_of_event(
    connection: &impl ConnectionTrait,
    case_id: CaseId,
    event_seq: i32,
) -> Result<Vec<UploadId>, StoreError> {
    let of_event = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CaseId.eq(case_id))
        .filter(Column::EventSeq.eq(event_seq));
    Ok(of_event.order_by_asc(Column::Id).into_tuple().all(connection).await?)
}

/// Says where the content check of these pictures stands.
///
/// # Errors
/// The query failed.
pub async fn set_check(
    connection: &impl ConnectionTrait,
    ids: &[UploadId],
    check: UploadCheck,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::CheckState, Expr::value(check))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(connection)
        .await?;
    Ok(())
}
