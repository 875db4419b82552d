//! Accounts, their WeChat identities and their roles.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, BindingId};
use domain::role::Binding;
use domain::vocabulary::AccountState;
use entity::{account, role_binding, wechat_identity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::StoreError;

/// The account.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<account::Model>, StoreError> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

/// The account, which nobody else can change until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn lock(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<account::Model>, StoreError> {
    Ok(account::Entity::find_by_id(id).lock_exclusive().one(db).await?)
}

/// A new, active account.
///
/// # Errors
/// The database does not answer.
pub async fn insert(db: &impl ConnectionTrait, id: AccountId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = account::ActiveModel {
        id: Set(id),
        state: Set(AccountState::Active),
        display_name: Set(None),
        created_at: Set(now),
        erased_at: Set(None),
    };
    account::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The account of a WeChat user.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_openid(
    db: &impl ConnectionTrait,
    appid: &str,
    openid: &str,
) -> Result<Option<AccountId>, StoreError> {
    let key = (appid.to_owned(), openid.to_owned());
    let identity = wechat_identity::Entity::find_by_id(key).one(db).await?;
    Ok(identity.map(|identity| identity.account_id))
}

/// Who the account is in a mini-program.
///
/// # Errors
/// The database does not answer.
pub async fn find_openid(
    db: &impl ConnectionTrait,
    appid: &str,
    id: AccountId,
) -> Result<Option<String>, StoreError> {
    let identity = wechat_identity::Entity::find()
        .filter(wechat_identity::Column::AccountId.eq(id))
        .filter(wechat_identity::Column::Appid.eq(appid))
        .one(db)
        .await?;
    Ok(identity.map(|identity| identity.openid))
}

/// Who these accounts are in a mini-program.
///
/// # Errors
/// The database does not answer.
pub async fn list_openids(
    db: &impl ConnectionTrait,
    appid: &str,
    ids: &[AccountId],
) -> Result<HashMap<AccountId, String>, StoreError> {
    let mut openids = HashMap::new();
    // In portions: both databases limit the parameters of a statement.
    for portion in ids.chunks(500) {
        let identities = wechat_identity::Entity::find()
            .filter(wechat_identity::Column::AccountId.is_in(portion.iter().copied()))
            .filter(wechat_identity::Column::Appid.eq(appid))
            .order_by_asc(wechat_identity::Column::CreatedAt);
        openids.extend(identities.all(db).await?.into_iter().map(|row| (row.account_id, row.openid)));
    }
    Ok(openids)
}

/// What to call these accounts, without those that are not active any more.
///
/// # Errors
/// The database does not answer.
pub async fn list_display_names(
    db: &impl ConnectionTrait,
    ids: &[AccountId],
) -> Result<HashMap<AccountId, Option<String>>, StoreError> {
    let named =
        account::Entity::find().select_only().columns([account::Column::Id, account::Column::DisplayName]);
    let named = named
        .filter(account::Column::Id.is_in(ids.iter().copied()))
        .filter(account::Column::State.eq(AccountState::Active));
    Ok(named.into_tuple().all(db).await?.into_iter().collect())
}

/// All WeChat identities of the account.
///
/// # Errors
/// The database does not answer.
pub async fn list_identities(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Vec<wechat_identity::Model>, StoreError> {
    let identities = wechat_identity::Entity::find().filter(wechat_identity::Column::AccountId.eq(id));
    Ok(identities.order_by_asc(wechat_identity::Column::CreatedAt).all(db).await?)
}

/// Ties a WeChat user to an account.
///
/// # Errors
/// [`StoreError::Duplicate`] if the user has an account already.
pub async fn insert_identity(
    db: &impl ConnectionTrait,
    identity: wechat_identity::Model,
) -> Result<(), StoreError> {
    let row = wechat_identity::ActiveModel::from(identity);
    wechat_identity::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The roles that hold, oldest first; `resident`, which every account has, is not among them.
///
/// # Errors
/// The database does not answer.
pub async fn list_bindings(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<Binding>, StoreError> {
    let rows = role_binding::Entity::find()
        .filter(role_binding::Column::AccountId.eq(id))
        .filter(role_binding::Column::RevokedAt.is_null())
        .order_by_asc(role_binding::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| Binding { role: row.role, scope_id: row.scope_id }).collect())
}

/// Gives the account a role; one that it has already stays.
///
/// # Errors
/// The database does not answer.
pub async fn bind(
    db: &impl ConnectionTrait,
    id: BindingId,
    account_id: AccountId,
    binding: Binding,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = role_binding::ActiveModel {
        id: Set(id),
        account_id: Set(account_id),
        role: Set(binding.role),
        scope_id: Set(binding.scope_id),
        created_at: Set(now),
        revoked_at: Set(None),
    };
    // No target: the index is a partial one, and nothing else can conflict.
    role_binding::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
