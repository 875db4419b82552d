//! The cases of a period as they came in: for routing them once more.

use chrono::{DateTime, Utc};
use domain::case::EventBody;
use domain::ids::{CaseId, CategoryId, CommitteeId, MemberId, StationId};
use domain::routing::{DeskCase, Reason};
use entity::{case, case_event, code};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;

use super::StoreError;

/// A case as it came in, with where it went then.
#[derive(Debug, Clone)]
pub struct PastRow {
    /// Its id.
    pub id: CaseId,
    /// The number that people use.
    pub number: String,
    /// When it came in.
    pub created_at: DateTime<Utc>,
    /// When it was off the desk.
    pub until: Option<DateTime<Utc>>,
    /// What it is about.
    pub category_id: Option<CategoryId>,
    /// Where the matter is.
    pub point: Option<(f64, f64)>,
    /// What the resident wrote.
    pub text: String,
    /// Where the code leads that it came from: the station, and the member of a member's code.
    pub code: Option<(StationId, Option<MemberId>)>,
    /// Why it went where it went.
    pub reasons: Vec<Reason>,
    /// Which station it went to first.
    pub station_id: Option<StationId>,
    /// Which member it went to first.
    pub member_id: Option<MemberId>,
}

#[derive(FromQueryResult)]
struct Row {
    id: CaseId,
    number: String,
    created_at: DateTime<Utc>,
    responded_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    category_id: Option<CategoryId>,
    lat: Option<f64>,
    lng: Option<f64>,
    text: String,
    routing: Value,
    code_station_id: Option<StationId>,
    code_member_id: Option<MemberId>,
    intake: Value,
}

impl Row {
    fn read(self) -> Result<PastRow, StoreError> {
        let inconsistent = |error| StoreError::inconsistent("cases", self.id, error);
        let reasons: Vec<Reason> = serde_json::from_value(self.routing).map_err(inconsistent)?;
        let intake: EventBody = serde_json::from_value(self.intake).map_err(inconsistent)?;
        Ok(PastRow {
            id: self.id,
            number: self.number,
            created_at: self.created_at,
            until: self.responded_at.or(self.ended_at),
            category_id: self.category_id,
            point: self.lat.zip(self.lng),
            text: self.text,
            code: self.code_station_id.map(|station_id| (station_id, self.code_member_id)),
            reasons,
            station_id: intake.station_id,
            member_id: intake.member_id,
        })
    }
}

/// The committee's cases that came in from `from` until before `until`, in that order.
///
/// # Errors
/// The database does not answer, or a row is inconsistent.
pub async fn list(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<PastRow>, StoreError> {
    let to_code = case::Entity::belongs_to(code::Entity).from(case::Column::CodeId).to(code::Column::Id);
    let to_event =
        case::Entity::belongs_to(case_event::Entity).from(case::Column::Id).to(case_event::Column::CaseId);
    let rows: Vec<Row> = case::Entity::find()
        .join(JoinType::LeftJoin, to_code.into())
        .join(JoinType::InnerJoin, to_event.into())
        .select_only()
        .columns([case::Column::Id, case::Column::Number, case::Column::CreatedAt, case::Column::Text])
        .columns([case::Column::RespondedAt, case::Column::EndedAt, case::Column::CategoryId])
        .columns([case::Column::Lat, case::Column::Lng, case::Column::Routing])
        .column_as(code::Column::StationId, "code_station_id")
        .column_as(code::Column::MemberId, "code_member_id")
        .column_as(case_event::Column::Body, "intake")
        .filter(case::Column::CommitteeId.eq(committee_id))
        .filter(case::Column::CreatedAt.gte(from))
        .filter(case::Column::CreatedAt.lt(until))
        .filter(case_event::Column::Seq.eq(1))
        .order_by_asc(case::Column::CreatedAt)
        .order_by_asc(case::Column::Id)
        .limit(limit)
        .into_model()
        .all(db)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many cases came in, counted up to `most`.
///
/// # Errors
/// The database does not answer.
pub async fn count(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    most: u64,
) -> Result<u64, StoreError> {
    let ids: Vec<CaseId> = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(case::Column::CommitteeId.eq(committee_id))
        .filter(case::Column::CreatedAt.gte(from))
        .filter(case::Column::CreatedAt.lt(until))
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
}

/// The committee's cases that lay on a desk at `at`, with whose it is now.
///
/// # Errors
/// The database does not answer.
pub async fn list_on_desks(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    at: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<DeskCase>, StoreError> {
    let later = |column: case::Column| Condition::any().add(column.is_null()).add(column.gt(at));
    let rows: Vec<(MemberId, Option<DateTime<Utc>>)> = case::Entity::find()
        .select_only()
        .column(case::Column::MemberId)
        .expr_as(Expr::col(case::Column::RespondedAt).if_null(Expr::col(case::Column::EndedAt)), "until")
        .filter(case::Column::CommitteeId.eq(committee_id))
        .filter(case::Column::CreatedAt.lt(at))
        .filter(case::Column::MemberId.is_not_null())
        .filter(later(case::Column::RespondedAt))
        .filter(later(case::Column::EndedAt))
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(member_id, until)| DeskCase { member_id, until }).collect())
}
