//! What a case's station and category say about its terms, and the names that its page shows.

use std::collections::{HashMap, HashSet};

use domain::deadline::OwnTerms;
use domain::ids::{CategoryId, CommitteeId, DepartmentId, MemberId, StationId};
use entity::{category, committee_rule, department, member, member_station, station};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait};

use super::StoreError;
use super::committee_rules::own_terms;

/// Deviations from the default terms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaseTerms {
    /// What the committee has decided on itself.
    pub committee: OwnTerms,
    /// Working days to accept, by the category.
    pub accept_days: Option<u32>,
    /// Working days to answer, by the category.
    pub respond_days: Option<u32>,
    /// Whether the station lets its members dispatch.
    pub members_may_dispatch: bool,
    /// Whether the station's manager signs answers off.
    pub signs_off: bool,
}

/// The terms of a case at this station and of this category.
///
/// # Errors
/// The database does not answer.
pub async fn find(
    db: &impl ConnectionTrait,
    station_id: StationId,
    category_id: Option<CategoryId>,
) -> Result<CaseTerms, StoreError> {
    let to_rules = station::Entity::belongs_to(committee_rule::Entity)
        .from(station::Column::CommitteeId)
        .to(committee_rule::Column::CommitteeId);
    let found: Option<(bool, bool, Option<serde_json::Value>)> = station::Entity::find_by_id(station_id)
        .join(JoinType::LeftJoin, to_rules.into())
        .select_only()
        .column(station::Column::MembersMayDispatch)
        .column(station::Column::AnswersSignedOff)
        .column(committee_rule::Column::Terms)
        .into_tuple()
        .one(db)
        .await?;
    let (members_may_dispatch, signs_off, own) = found.unwrap_or_default();
    let committee = own.map(own_terms).transpose()?.unwrap_or_default();
    let mut terms = CaseTerms { committee, members_may_dispatch, signs_off, ..CaseTerms::default() };
    if let Some(category_id) = category_id {
        let days: Option<(Option<i32>, Option<i32>)> = category::Entity::find_by_id(category_id)
            .select_only()
            .columns([category::Column::AcceptDays, category::Column::RespondDays])
            .into_tuple()
            .one(db)
            .await?;
        let (accept, respond) = days.unwrap_or_default();
        terms.accept_days = accept.and_then(|days| u32::try_from(days).ok());
        terms.respond_days = respond.and_then(|days| u32::try_from(days).ok());
    }
    Ok(terms)
}

/// Whether there is such a department of one of the committees, and it has not been closed.
///
/// # Errors
/// The database does not answer.
pub async fn is_open_department(
    db: &impl ConnectionTrait,
    id: DepartmentId,
    committees: &[CommitteeId],
) -> Result<bool, StoreError> {
    let found: Option<DepartmentId> = department::Entity::find_by_id(id)
        .filter(department::Column::CommitteeId.is_in(committees.iter().copied()))
        .filter(department::Column::ClosedAt.is_null())
        .select_only()
        .column(department::Column::Id)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// The deviations of all stations and categories of one committee.
#[derive(Debug, Clone, Default)]
pub struct CommitteeTerms {
    /// What the committee has decided on itself.
    own: OwnTerms,
    /// Stations whose members may dispatch.
    dispatching: HashSet<StationId>,
    /// Stations whose manager signs answers off.
    signing: HashSet<StationId>,
    /// Days to accept and to answer, by category.
    days: HashMap<CategoryId, (Option<i32>, Option<i32>)>,
}

impl CommitteeTerms {
    /// The terms of a case at this station and of this category.
    #[must_use]
    pub fn of(&self, station_id: StationId, category_id: Option<CategoryId>) -> CaseTerms {
        let days = category_id.and_then(|id| self.days.get(&id)).copied().unwrap_or_default();
        CaseTerms {
            committee: self.own,
            accept_days: days.0.and_then(|days| u32::try_from(days).ok()),
            respond_days: days.1.and_then(|days| u32::try_from(days).ok()),
            members_may_dispatch: self.dispatching.contains(&station_id),
            signs_off: self.signing.contains(&station_id),
        }
    }
}

/// All deviations of a committee, whose own terms are at hand, in two statements.
///
/// # Errors
/// The database does not answer.
pub async fn of_committee(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    own: OwnTerms,
) -> Result<CommitteeTerms, StoreError> {
    let stations: Vec<(StationId, bool, bool)> = station::Entity::find()
        .select_only()
        .columns([
            station::Column::Id,
            station::Column::MembersMayDispatch,
            station::Column::AnswersSignedOff,
        ])
        .filter(station::COLUMN.committee_id.eq(committee_id))
        .into_tuple()
        .all(db)
        .await?;
    let days: Vec<(CategoryId, Option<i32>, Option<i32>)> = category::Entity::find()
        .select_only()
        .columns([category::Column::Id, category::Column::AcceptDays, category::Column::RespondDays])
        .filter(category::COLUMN.committee_id.eq(committee_id))
        .into_tuple()
        .all(db)
        .await?;
    Ok(CommitteeTerms {
        own,
        dispatching: stations.iter().filter(|station| station.1).map(|station| station.0).collect(),
        signing: stations.iter().filter(|station| station.2).map(|station| station.0).collect(),
        days: days.into_iter().map(|(id, accept, respond)| (id, (accept, respond))).collect(),
    })
}

/// The committee that a station belongs to.
///
/// # Errors
/// The database does not answer.
pub async fn committee_of_station(
    db: &impl ConnectionTrait,
    station_id: StationId,
) -> Result<Option<CommitteeId>, StoreError> {
    let station = station::Entity::find_by_id(station_id).select_only().column(station::Column::CommitteeId);
    Ok(station.into_tuple().one(db).await?)
}

/// The names that a case's page shows.
#[derive(Debug, Clone, Default)]
pub struct CaseNames {
    /// Its station.
    pub station: String,
    /// Its member.
    pub member: Option<String>,
    /// Its category.
    pub category: Option<String>,
}

/// The names of a case's station, member and category, in one statement.
///
/// # Errors
/// The database does not answer.
pub async fn names(
    db: &impl ConnectionTrait,
    station_id: StationId,
    member_id: Option<MemberId>,
    category_id: Option<CategoryId>,
) -> Result<CaseNames, StoreError> {
    let member = member::Entity::find().select_only().column(member::Column::Name);
    let member = member.filter(member::Column::Id.is_in(member_id)).into_query();
    let category = category::Entity::find().select_only().column(category::Column::Name);
    let category = category.filter(category::Column::Id.is_in(category_id)).into_query();
    let names: Option<(String, Option<String>, Option<String>)> = station::Entity::find_by_id(station_id)
        .select_only()
        .column(station::Column::Name)
        .expr_as(Expr::SubQuery(None, Box::new(member.into())), "member")
        .expr_as(Expr::SubQuery(None, Box::new(category.into())), "category")
        .into_tuple()
        .one(db)
        .await?;
    let (station, member, category) = names.unwrap_or_default();
    Ok(CaseNames { station, member, category })
}

/// Whether a member, still in office, serves a station.
///
/// # Errors
/// The database does not answer.
pub async fn member_serves(
    db: &impl ConnectionTrait,
    member_id: MemberId,
    station_id: StationId,
) -> Result<bool, StoreError> {
    let serves = member_station::Entity::find_by_id((member_id, station_id)).one(db).await?;
    if serves.is_none() {
        return Ok(false);
    }
    let member =
        member::Entity::find_by_id(member_id).filter(member::COLUMN.left_on.is_null()).one(db).await?;
    Ok(member.is_some())
}
