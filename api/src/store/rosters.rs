//! The duty roster: who is at a station, when.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::ids::{MemberId, ShiftId, StationId};
use domain::vocabulary::ShiftKind;
use entity::{absence, duty_shift, member, station};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, IntoSimpleExpr, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};

use super::StoreError;
use super::directory::members::{MemberRow, in_office, to_sector};

/// A shift with the member who has it.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "duty_shift::Entity")]
pub struct ShiftRow {
    /// Key.
    pub id: ShiftId,
    /// Duty or reception day.
    pub kind: ShiftKind,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until, exclusive.
    pub ends_at: DateTime<Utc>,
    /// The day that its pattern names for it.
    pub nominal_on: Option<NaiveDate>,
    /// Why it is not held on that day, as people read it.
    pub moved_because: Option<String>,
    /// How long its slots are; none where nothing can be booked.
    pub slot_minutes: Option<i16>,
    /// How many residents a slot is for.
    pub slot_capacity: Option<i16>,
    /// Who.
    #[sea_orm(nested)]
    pub member: MemberRow,
}

/// A station by name.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "station::Entity")]
pub struct StationName {
    /// Key.
    pub id: StationId,
    /// As it is called.
    pub name: String,
}

/// A member's shift with its station.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "duty_shift::Entity")]
pub struct MemberShift {
    /// Duty or reception day.
    pub kind: ShiftKind,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until, exclusive.
    pub ends_at: DateTime<Utc>,
    /// Where.
    #[sea_orm(nested)]
    pub station: StationName,
}

fn to_member() -> RelationDef {
    duty_shift::Entity::belongs_to(member::Entity)
        .from(duty_shift::Column::MemberId)
        .to(member::Column::Id)
        .into()
}

/// The station's shifts of members in office that take place, by their beginning.
fn of_station(station_id: StationId) -> Select<duty_shift::Entity> {
    duty_shift::Entity::find()
        .join(JoinType::InnerJoin, to_member())
        .join(JoinType::InnerJoin, to_sector())
        .filter(duty_shift::Column::StationId.eq(station_id))
        .filter(duty_shift::Column::CancelledAt.is_null())
        .order_by_asc(duty_shift::Column::StartsAt)
        .order_by_asc(duty_shift::Column::Id)
}

/// Shifts whose member is not absent at that moment.
fn present(at: impl IntoSimpleExpr) -> Condition {
    let at = at.into_simple_expr();
    let absent = absence::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(
            absence::Column::MemberId.into_simple_expr().eq(duty_shift::Column::MemberId.into_simple_expr()),
        )
        .filter(absence::Column::StartsAt.into_simple_expr().lte(at.clone()))
        .filter(absence::Column::EndsAt.into_simple_expr().gt(at));
    Condition::all().add(Expr::exists(absent.into_query()).not())
}

/// The shifts that run at `now` or begin before `until`, without those of members who are absent now.
///
/// # Errors
/// The database does not answer.
pub async fn list_around(
    conn: &impl ConnectionTrait,
    station_id: StationId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<ShiftRow>, StoreError> {
    let select = of_station(station_id)
        .filter(in_office(shanghai_date(now)))
        .filter(duty_shift::Column::EndsAt.gt(now))
        .filter(duty_shift::Column::StartsAt.lt(until))
        .filter(present(Expr::val(now)));
    Ok(select.into_partial_model().all(conn).await?)
}

/// The reception day that runs or comes next, of a member who will be there.
///
/// # Errors
/// The database does not answer.
pub async fn find_next_reception_day(
    conn: &impl ConnectionTrait,
    station_id: StationId,
    now: DateTime<Utc>,
) -> Result<Option<ShiftRow>, StoreError> {
    let select = of_station(station_id)
        .filter(in_office(shanghai_date(now)))
        .filter(duty_shift::Column::Kind.eq(ShiftKind::ReceptionDay))
        .filter(duty_shift::Column::EndsAt.gt(now))
        .filter(present(duty_shift::Column::StartsAt))
        .limit(1);
    Ok(select.into_partial_model().one(conn).await?)
}

/// The station's shifts that overlap a period, after `last`.
///
/// # Errors
/// The database does not answer.
pub async fn list_between(
    conn: &impl ConnectionTrait,
    station_id: StationId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    last: Option<(DateTime<Utc>, ShiftId)>,
    limit: u64,
) -> Result<Vec<ShiftRow>, StoreError> {
    let mut select = of_station(station_id)
        .filter(in_office(shanghai_date(from)))
        .filter(duty_shift::Column::EndsAt.gt(from))
        .filter(duty_shift::Column::StartsAt.lt(until))
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(after(last));
    }
    Ok(select.into_partial_model().all(conn).await?)
}

/// Shifts that come after this one, by their beginning.
pub(super) fn after((starts_at, id): (DateTime<Utc>, ShiftId)) -> Condition {
    let same =
        Condition::all().add(duty_shift::Column::StartsAt.eq(starts_at)).add(duty_shift::Column::Id.gt(id));
    Condition::any().add(duty_shift::Column::StartsAt.gt(starts_at)).add(same)
}

/// The station's reception days that run or come, of members who will be there, after `last`.
///
/// # Errors
/// The database does not answer.
pub async fn list_reception_days(
    conn: &impl ConnectionTrait,
    station_id: StationId,
    now: DateTime<Utc>,
    last: Option<(DateTime<Utc>, ShiftId)>,
    limit: u64,
) -> Result<Vec<ShiftRow>, StoreError> {
    let mut select = of_station(station_id)
        .filter(in_office(shanghai_date(now)))
        .filter(duty_shift::Column::Kind.eq(ShiftKind::ReceptionDay))
        .filter(duty_shift::Column::EndsAt.gt(now))
        .filter(present(duty_shift::Column::StartsAt))
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(after(last));
    }
    Ok(select.into_partial_model().all(conn).await?)
}

/// One shift with the member who has it, also when it was cancelled.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl ConnectionTrait, id: ShiftId) -> Result<Option<ShiftRow>, StoreError> {
    let select = duty_shift::Entity::find_by_id(id)
        .join(JoinType::InnerJoin, to_member())
        .join(JoinType::InnerJoin, to_sector());
    Ok(select.into_partial_model().one(conn).await?)
}

/// The shifts of a member at open stations that run at `now` or begin before `until`.
///
/// # Errors
/// The database does not answer.
pub async fn list_of_member(
    conn: &impl ConnectionTrait,
    member_id: MemberId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<MemberShift>, StoreError> {
    let to_station = duty_shift::Entity::belongs_to(station::Entity)
        .from(duty_shift::Column::StationId)
        .to(station::Column::Id);
    let select = duty_shift::Entity::find()
        .join(JoinType::InnerJoin, to_station.into())
        .filter(station::Column::ClosedAt.is_null())
        .filter(duty_shift::Column::MemberId.eq(member_id))
        .filter(duty_shift::Column::CancelledAt.is_null())
        .filter(duty_shift::Column::EndsAt.gt(now))
        .filter(duty_shift::Column::StartsAt.lt(until))
        .filter(present(duty_shift::Column::StartsAt))
        .order_by_asc(duty_shift::Column::StartsAt)
        .order_by_asc(duty_shift::Column::Id);
    Ok(select.into_partial_model().all(conn).await?)
}
