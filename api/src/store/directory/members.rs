//! Members as everybody may see them. No query here reads anything private.

use chrono::NaiveDate;
use domain::ids::{CategoryId, CommitteeId, MemberId, SectorId, StationId, UploadId};
use domain::vocabulary::Level;
use entity::{category, member, member_speciality, member_station, sector, station};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};

use super::{after, begins_with, holds};
use crate::store::StoreError;

/// The sector that a member stands for.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "sector::Entity")]
pub struct SectorName {
    /// Key.
    pub id: SectorId,
    /// As it is called.
    pub name: String,
}

/// A member in a list.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "member::Entity")]
pub struct MemberRow {
    /// Key.
    pub id: MemberId,
    /// The member's name.
    pub name: String,
    /// The name in pinyin: the order of lists.
    pub name_pinyin: String,
    /// The level of the member's committee.
    pub level: Level,
    /// Post or profession.
    pub post: Option<String>,
    /// The portrait.
    pub photo_id: Option<UploadId>,
    /// A few words for residents.
    pub bio: Option<String>,
    /// When the term ended.
    pub left_on: Option<NaiveDate>,
    /// The sector.
    #[sea_orm(nested)]
    pub sector: SectorName,
}

/// A station or category that belongs to a member.
#[derive(Debug, Clone)]
pub struct Link<Id> {
    /// Whose.
    pub member_id: MemberId,
    /// Key.
    pub id: Id,
    /// As it is called.
    pub name: String,
}

/// Which members are wanted; nothing set means all who are in office.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    /// Who serve this station.
    pub station_id: Option<StationId>,
    /// Who stand for this sector.
    pub sector_id: Option<SectorId>,
    /// Who know this category well.
    pub category_id: Option<CategoryId>,
    /// Part of the name, or the beginning of its pinyin or of its initials.
    pub words: Option<String>,
}

/// From a member to the sector.
pub(in crate::store) fn to_sector() -> RelationDef {
    member::Entity::belongs_to(sector::Entity).from(member::Column::SectorId).to(sector::Column::Id).into()
}

/// Who is in office on that date: a term ends with the day before `left_on`.
pub(in crate::store) fn in_office(today: NaiveDate) -> Condition {
    Condition::any().add(member::Column::LeftOn.is_null()).add(member::Column::LeftOn.gt(today))
}

/// That a member's name is spelled so in pinyin, or by initials, or mixed: from its beginning on.
pub(in crate::store) fn is_spelled(words: &str) -> Condition {
    let typed: String = words.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    let later = member::Column::NameInitials;
    if typed.is_empty() {
        return Condition::any().add(Expr::val(1).eq(0));
    }
    Condition::any()
        .add(begins_with(member::Column::NamePinyin, &typed))
        .add(begins_with(later, &typed))
        .add(holds(later, &format!(" {typed}")))
}

fn chosen(filter: &MemberFilter, today: NaiveDate) -> Select<member::Entity> {
    let mut select = member::Entity::find().join(JoinType::InnerJoin, to_sector()).filter(in_office(today));
    if let Some(station_id) = filter.station_id {
        let serving = member_station::Entity::find()
            .select_only()
            .column(member_station::Column::MemberId)
            .filter(member_station::Column::StationId.eq(station_id));
        select = select.filter(member::Column::Id.in_subquery(serving.into_query()));
    }
    if let Some(sector_id) = filter.sector_id {
        select = select.filter(member::Column::SectorId.eq(sector_id));
    }
    if let Some(category_id) = filter.category_id {
        let knowing = member_speciality::Entity::find()
            .select_only()
            .column(member_speciality::Column::MemberId)
            .filter(member_speciality::Column::CategoryId.eq(category_id));
        select = select.filter(member::Column::Id.in_subquery(knowing.into_query()));
    }
    if let Some(words) = &filter.words {
        select =
            select.filter(Condition::any().add(holds(member::Column::Name, words)).add(is_spelled(words)));
    }
    select
}

/// Members in office after `last`, by the pinyin of their names.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    conn: &impl ConnectionTrait,
    filter: &MemberFilter,
    today: NaiveDate,
    last: Option<(String, MemberId)>,
    limit: u64,
) -> Result<Vec<MemberRow>, StoreError> {
    let mut select = chosen(filter, today)
        .order_by_asc(member::Column::NamePinyin)
        .order_by_asc(member::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(after((member::Column::NamePinyin, member::Column::Id), last));
    }
    Ok(select.into_partial_model().all(conn).await?)
}

/// A member in office.
///
/// # Errors
/// The database does not answer.
pub async fn find(
    conn: &impl ConnectionTrait,
    id: MemberId,
    today: NaiveDate,
) -> Result<Option<MemberRow>, StoreError> {
    let select =
        member::Entity::find_by_id(id).join(JoinType::InnerJoin, to_sector()).filter(in_office(today));
    Ok(select.into_partial_model().one(conn).await?)
}

/// What a member is called, in office or not.
///
/// # Errors
/// The database does not answer.
pub async fn find_name(conn: &impl ConnectionTrait, id: MemberId) -> Result<Option<String>, StoreError> {
    let select = member::Entity::find_by_id(id).select_only().column(member::Column::Name);
    Ok(select.into_tuple().one(conn).await?)
}

/// The committee of a member in office.
///
/// # Errors
/// The database does not answer.
pub async fn find_committee(
    conn: &impl ConnectionTrait,
    id: MemberId,
    today: NaiveDate,
) -> Result<Option<CommitteeId>, StoreError> {
    let select = member::Entity::find_by_id(id)
        .select_only()
        .column(member::Column::CommitteeId)
        .filter(in_office(today));
    Ok(select.into_tuple().one(conn).await?)
}

/// The open stations that these members serve, in the order in which the stations were made.
///
/// # Errors
/// The database does not answer.
pub async fn list_stations_of(
    conn: &impl ConnectionTrait,
    members: &[MemberId],
) -> Result<Vec<Link<StationId>>, StoreError> {
    let to_station = member_station::Entity::belongs_to(station::Entity)
        .from(member_station::Column::StationId)
        .to(station::Column::Id);
    let rows: Vec<(MemberId, StationId, String)> = member_station::Entity::find()
        .join(JoinType::InnerJoin, to_station.into())
        .select_only()
        .column(member_station::Column::MemberId)
        .column(station::Column::Id)
        .column(station::Column::Name)
        .filter(member_station::Column::MemberId.is_in(members.iter().copied()))
        .filter(station::Column::ClosedAt.is_null())
        .order_by_asc(station::Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(member_id, id, name)| Link { member_id, id, name }).collect())
}

/// The categories that this member knows well, by their place in lists.
///
/// # Errors
/// The database does not answer.
pub async fn list_specialities_of(
    conn: &impl ConnectionTrait,
    member_id: MemberId,
) -> Result<Vec<Link<CategoryId>>, StoreError> {
    let to_category = member_speciality::Entity::belongs_to(category::Entity)
        .from(member_speciality::Column::CategoryId)
        .to(category::Column::Id);
    let rows: Vec<(CategoryId, String)> = member_speciality::Entity::find()
        .join(JoinType::InnerJoin, to_category.into())
        .select_only()
        .column(category::Column::Id)
        .column(category::Column::Name)
        .filter(member_speciality::Column::MemberId.eq(member_id))
        .filter(category::Column::ClosedAt.is_null())
        .order_by_asc(category::Column::Sort)
        .order_by_asc(category::Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, name)| Link { member_id, id, name }).collect())
}
