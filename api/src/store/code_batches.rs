//! Batches of posters: what was ordered, how far each is, and the codes that belong to it.

use chrono::{DateTime, Utc};
use domain::ids::{CodeBatchId, CodeId, CommitteeId, StationId};
use domain::vocabulary::{BatchState, CodeKind, CodeState};
use entity::code_batch::{Column, Entity, Model};
use entity::{code, code_batch};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::Value;

use super::codes::{ScannedCode, select_scanned};
use super::{StoreError, Transaction};

/// Which codes a batch has.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    /// Those of this committee.
    pub committee_id: CommitteeId,
    /// Of one kind only.
    pub kind: Option<CodeKind>,
    /// Of one station only.
    pub station_id: Option<StationId>,
    /// Those that were there when the batch was ordered.
    pub issued_by: DateTime<Utc>,
    /// Whether codes that were revoked are among them.
    pub with_revoked: bool,
}

/// A code's place among those of a batch: the posters of a station lie together.
pub type Place = (StationId, CodeId);

/// A batch without what only its drawing needs.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "code_batch::Entity")]
pub struct BatchRow {
    /// Key.
    pub id: CodeBatchId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// Which codes, and how they are printed.
    pub wanted: Value,
    /// How far it is.
    pub state: BatchState,
    /// How many codes it has.
    pub total: i32,
    /// How many of them are drawn.
    pub done: i32,
    /// How long its file is so far.
    pub bytes: i64,
    /// Why it failed, for people.
    pub failure: Option<String>,
    /// When it was ordered.
    pub created_at: DateTime<Utc>,
    /// When it was ready, or failed.
    pub finished_at: Option<DateTime<Utc>>,
}

impl From<Model> for BatchRow {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            committee_id: row.committee_id,
            wanted: row.wanted,
            state: row.state,
            total: row.total,
            done: row.done,
            bytes: row.bytes,
            failure: row.failure,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

fn matches(selection: &Selection) -> Condition {
    let Selection { committee_id, kind, station_id, issued_by, with_revoked } = *selection;
    Condition::all()
        .add(code::Column::CommitteeId.eq(committee_id))
        .add(code::Column::CreatedAt.lte(issued_by))
        .add_option(kind.map(|kind| code::Column::Kind.eq(kind)))
        .add_option(station_id.map(|id| code::Column::StationId.eq(id)))
        .add_option((!with_revoked).then(|| code::Column::State.eq(CodeState::Live)))
}

/// How many codes are selected.
///
/// # Errors
/// The database does not answer.
pub async fn count_codes(db: &impl ConnectionTrait, selection: &Selection) -> Result<u64, StoreError> {
    Ok(code::Entity::find().filter(matches(selection)).count(db).await?)
}

/// The next codes of a selection, with all that a poster says of them.
///
/// # Errors
/// The database does not answer.
pub async fn list_codes(
    db: &impl ConnectionTrait,
    selection: &Selection,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<ScannedCode>, StoreError> {
    let mut select = select_scanned()
        .filter(matches(selection))
        .order_by_asc(code::Column::StationId)
        .order_by_asc(code::Column::Id)
        .limit(limit);
    if let Some((station_id, id)) = after {
        let same = Condition::all().add(code::Column::StationId.eq(station_id)).add(code::Column::Id.gt(id));
        select = select.filter(Condition::any().add(code::Column::StationId.gt(station_id)).add(same));
    }
    Ok(select.into_partial_model().all(db).await?)
}

/// How many batches of a committee are waiting or being drawn.
///
/// # Errors
/// The database does not answer.
pub async fn count_open(db: &impl ConnectionTrait, committee_id: CommitteeId) -> Result<u64, StoreError> {
    let open = Entity::find().filter(Column::CommitteeId.eq(committee_id)).filter(is_open());
    Ok(open.count(db).await?)
}

fn is_open() -> sea_orm::sea_query::SimpleExpr {
    Column::State.is_in([BatchState::Waiting, BatchState::Drawing])
}

/// The batches of a committee that were ordered before `last`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    last: Option<CodeBatchId>,
    limit: u64,
) -> Result<Vec<BatchRow>, StoreError> {
    let mut select =
        Entity::find().filter(Column::CommitteeId.eq(committee_id)).order_by_desc(Column::Id).limit(limit);
    if let Some(last) = last {
        select = select.filter(Column::Id.lt(last));
    }
    Ok(select.into_partial_model().all(db).await?)
}

/// One batch.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: CodeBatchId) -> Result<Option<BatchRow>, StoreError> {
    Ok(Entity::find_by_id(id).into_partial_model().one(db).await?)
}

/// One batch with what its drawing needs, while there is something to do: its next part is `part`.
///
/// # Errors
/// The database does not answer.
pub async fn find_open(
    db: &impl ConnectionTrait,
    id: CodeBatchId,
    part: i32,
) -> Result<Option<Model>, StoreError> {
    let select = Entity::find_by_id(id).filter(is_open()).filter(Column::Part.eq(part));
    Ok(select.one(db).await?)
}

/// The names of the parts of a file, as its drawing has noted them.
///
/// # Errors
/// The database does not answer.
pub async fn find_work(db: &impl ConnectionTrait, id: CodeBatchId) -> Result<Option<Value>, StoreError> {
    Ok(Entity::find_by_id(id).select_only().column(Column::Work).into_tuple().one(db).await?)
}

/// What a part has brought.
#[derive(Debug)]
pub struct Progress {
    /// How far the batch is.
    pub state: BatchState,
    /// How many codes are drawn.
    pub done: i32,
    /// How many codes it has.
    pub total: i32,
    /// How long its file is so far.
    pub bytes: i64,
    /// What the next part has to know.
    pub work: Value,
    /// When it was ready.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Notes a part; `false` when somebody else was faster.
///
/// # Errors
/// The database does not answer.
pub async fn advance(
    tx: &Transaction,
    id: CodeBatchId,
    part: i32,
    progress: Progress,
) -> Result<bool, StoreError> {
    let advanced = Entity::update_many()
        .col_expr(Column::State, Expr::value(progress.state.as_str()))
        .col_expr(Column::Done, Expr::value(progress.done))
        .col_expr(Column::Total, Expr::value(progress.total))
        .col_expr(Column::Part, Expr::col(Column::Part).add(1))
        .col_expr(Column::Bytes, Expr::value(progress.bytes))
        .col_expr(Column::Work, Expr::value(progress.work))
        .col_expr(Column::FinishedAt, Expr::value(progress.finished_at))
        .filter(Column::Id.eq(id))
        .filter(Column::Part.eq(part))
        .filter(is_open())
        .exec(tx)
        .await?;
    Ok(advanced.rows_affected > 0)
}

/// Gives a batch up.
///
/// # Errors
/// The database does not answer.
pub async fn fail(
    db: &impl ConnectionTrait,
    id: CodeBatchId,
    failure: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(BatchState::Failed.as_str()))
        .col_expr(Column::Failure, Expr::value(failure))
        .col_expr(Column::FinishedAt, Expr::value(Some(now)))
        .filter(Column::Id.eq(id))
        .filter(is_open())
        .exec(db)
        .await?;
    Ok(())
}

/// Batches that were ordered before this time, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_before(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<CodeBatchId>, StoreError> {
    let select = Entity::find().select_only().column(Column::Id).filter(Column::CreatedAt.lt(before));
    Ok(select.order_by_asc(Column::CreatedAt).limit(limit).into_tuple().all(db).await?)
}

/// Removes a batch.
///
/// # Errors
/// The database does not answer.
pub async fn delete(db: &impl ConnectionTrait, id: CodeBatchId) -> Result<(), StoreError> {
    Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}
