//! Who has which role in a committee.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, BindingId, CommitteeId};
use domain::role::Role;
use domain::vocabulary::AccountState;
use entity::{account, department, member, role_binding, station};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::{StoreError, Transaction};

/// A role that holds, with the account that has it.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "role_binding::Entity")]
pub struct StaffRow {
    /// Key.
    pub id: BindingId,
    /// The role.
    pub role: Role,
    /// What it is for.
    pub scope_id: Uuid,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Who has it.
    #[sea_orm(nested)]
    pub account: AccountRow,
}

/// The account of somebody of the staff.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "account::Entity")]
pub struct AccountRow {
    /// Key.
    pub id: AccountId,
    /// Whether it may log in.
    pub state: AccountState,
    /// What to call the person.
    pub display_name: Option<String>,
}

/// The roles that hold in a committee, its stations, departments and members, after `last`.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    db: &impl ConnectionTrait,
    committee_id: CommitteeId,
    last: Option<BindingId>,
    limit: u64,
) -> Result<Vec<StaffRow>, StoreError> {
    let of = |role: Role| Condition::all().add(role_binding::Column::Role.eq(role));
    macro_rules! ids {
        ($table:ident) => {
            $table::Entity::find()
                .select_only()
                .column($table::Column::Id)
                .filter($table::Column::CommitteeId.eq(committee_id))
                .into_query()
        };
    }
    let scope = role_binding::Column::ScopeId;
    let within = Condition::any()
        .add(of(Role::CommitteeAdmin).add(scope.eq(committee_id.0)))
        .add(of(Role::StationManager).add(scope.in_subquery(ids!(station))))
        .add(of(Role::Member).add(scope.in_subquery(ids!(member))))
        .add(of(Role::DepartmentOfficer).add(scope.in_subquery(ids!(department))));
    let to_account = role_binding::Entity::belongs_to(account::Entity)
        .from(role_binding::Column::AccountId)
        .to(account::Column::Id);
    let mut select = role_binding::Entity::find()
        .join(JoinType::InnerJoin, to_account.into())
        .filter(role_binding::Column::RevokedAt.is_null())
        .filter(within)
        .order_by_asc(role_binding::Column::Id)
        .limit(limit);
    if let Some(last) = last {
        select = select.filter(role_binding::Column::Id.gt(last));
    }
    Ok(select.into_partial_model().all(db).await?)
}

/// Takes a role back.
///
/// # Errors
/// The database does not answer.
pub async fn revoke(tx: &Transaction, id: BindingId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let update =
        role_binding::Entity::update_many().col_expr(role_binding::Column::RevokedAt, Expr::value(now));
    update.filter(role_binding::Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}
