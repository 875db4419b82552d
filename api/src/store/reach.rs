//! What a role's scope id names, and which committee it is under: who may give which role.

use std::collections::HashMap;

use domain::ids::{CommitteeId, DepartmentId, MemberId, StationId};
use domain::role::{Binding, Role};
use entity::{committee, department, member, member_station, station};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, SelectExt};
use uuid::Uuid;

use super::StoreError;

/// A committee of a district is at most three levels below the nation's.
const DEEPEST: usize = 8;

/// The committee that the scope of a role belongs to; none if there is no such scope.
///
/// # Errors
/// The database does not answer.
pub async fn committee_of(
    db: &impl ConnectionTrait,
    Binding { role, scope_id }: Binding,
) -> Result<Option<CommitteeId>, StoreError> {
    Ok(match role {
        Role::Member => {
            member::Entity::find_by_id(MemberId(scope_id)).one(db).await?.map(|row| row.committee_id)
        }
        Role::StationManager => {
            station::Entity::find_by_id(StationId(scope_id)).one(db).await?.map(|row| row.committee_id)
        }
        Role::DepartmentOfficer => {
            department::Entity::find_by_id(DepartmentId(scope_id)).one(db).await?.map(|row| row.committee_id)
        }
        Role::CommitteeAdmin => {
            committee::Entity::find_by_id(CommitteeId(scope_id)).one(db).await?.map(|row| row.id)
        }
        Role::Resident | Role::Operator => None,
    })
}

/// Whether the committee is one of `above`, or below one of them.
///
/// # Errors
/// The database does not answer.
pub async fn is_at_or_below(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    above: &[CommitteeId],
) -> Result<bool, StoreError> {
    let mut next = Some(committee_id);
    for _ in 0..DEEPEST {
        let Some(id) = next else { return Ok(false) };
        if above.contains(&id) {
            return Ok(true);
        }
        next = committee::Entity::find_by_id(id).one(db).await?.and_then(|row| row.parent_id);
    }
    Ok(false)
}

/// Whether the member belongs to one of the stations.
///
/// # Errors
/// The database does not answer.
pub async fn is_member_of(
    db: &impl ConnectionTrait,
    member_id: MemberId,
    stations: &[StationId],
) -> Result<bool, StoreError> {
    let rows = member_station::Entity::find()
        .filter(member_station::Column::MemberId.eq(member_id))
        .filter(member_station::Column::StationId.is_in(stations.iter().copied()));
    Ok(rows.exists(db).await?)
}

/// What the scopes of these roles are called.
///
/// # Errors
/// The database does not answer.
pub async fn list_scope_names(
    db: &impl ConnectionTrait,
    bindings: &[Binding],
) -> Result<HashMap<Uuid, String>, StoreError> {
    let of = |role| {
        let scopes = bindings.iter().filter(move |binding| binding.role == role);
        scopes.map(|binding| binding.scope_id).collect::<Vec<Uuid>>()
    };
    let mut names = HashMap::new();
    let members = of(Role::Member);
    if !members.is_empty() {
        let rows = member::Entity::find().filter(member::Column::Id.is_in(members)).all(db).await?;
        names.extend(rows.into_iter().map(|row| (row.id.0, row.name)));
    }
    let stations = of(Role::StationManager);
    if !stations.is_empty() {
        let rows = station::Entity::find().filter(station::Column::Id.is_in(stations)).all(db).await?;
        names.extend(rows.into_iter().map(|row| (row.id.0, row.name)));
    }
    let departments = of(Role::DepartmentOfficer);
    if !departments.is_empty() {
        let found = department::Entity::find().filter(department::Column::Id.is_in(departments));
        names.extend(found.all(db).await?.into_iter().map(|row| (row.id.0, row.name)));
    }
    let committees = of(Role::CommitteeAdmin);
    if !committees.is_empty() {
        let found = committee::Entity::find().filter(committee::Column::Id.is_in(committees));
        names.extend(found.all(db).await?.into_iter().map(|row| (row.id.0, row.name)));
    }
    Ok(names)
}
