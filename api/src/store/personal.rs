//! What the service keeps of one person: all of it for an export, and its erasure.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, CaseId};
use domain::vocabulary::AccountState;
use entity::{
    account, booking, case, case_event, credential, message, role_binding, upload, wechat_identity,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    StoreError, account_phones, accounts, bookings, case_views, deliveries, notices, refresh_tokens,
    saved_views, subscriptions,
};

/// All cases that the account raised, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_cases(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<case::Model>, StoreError> {
    let cases = case::Entity::find().filter(case::Column::ResidentId.eq(id));
    Ok(cases.order_by_asc(case::Column::Id).all(db).await?)
}

/// The histories of these cases, each in its order.
///
/// # Errors
/// The database does not answer.
pub async fn list_events(
    db: &impl ConnectionTrait,
    cases: &[CaseId],
) -> Result<Vec<case_event::Model>, StoreError> {
    let mut events = Vec::new();
    // In portions: both databases limit the parameters of a statement.
    for portion in cases.chunks(500) {
        let rows = case_event::Entity::find()
            .filter(case_event::Column::CaseId.is_in(portion.iter().copied()))
            .order_by_asc(case_event::Column::CaseId)
            .order_by_asc(case_event::Column::Seq);
        events.extend(rows.all(db).await?);
    }
    Ok(events)
}

/// All pictures that the account sent, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_uploads(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Vec<upload::Model>, StoreError> {
    let uploads = upload::Entity::find().filter(upload::Column::AccountId.eq(id));
    Ok(uploads.order_by_asc(upload::Column::Id).all(db).await?)
}

/// All bookings of the account, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn list_bookings(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Vec<booking::Model>, StoreError> {
    let bookings = booking::Entity::find().filter(booking::Column::AccountId.eq(id));
    Ok(bookings.order_by_asc(booking::Column::Id).all(db).await?)
}

/// Erases the person: logins, identities, messages, roles and names go, open bookings end; the row of the account stays as an
/// anchor, and the cases stay without a trace of who raised them.
///
/// # Errors
/// The database does not answer.
pub async fn erase(db: &impl ConnectionTrait, id: AccountId, now: DateTime<Utc>) -> Result<(), StoreError> {
    refresh_tokens::delete_of_account(db, id).await?;
    case_views::delete_of_account(db, id).await?;
    saved_views::delete_of_account(db, id).await?;
    deliveries::delete_of_account(db, id).await?;
    for identity in accounts::list_identities(db, id).await? {
        subscriptions::delete_of_user(db, &identity.appid, &identity.openid).await?;
    }
    let identities = wechat_identity::Entity::delete_many();
    identities.filter(wechat_identity::Column::AccountId.eq(id)).exec(db).await?;
    account_phones::delete(db, id).await?;
    credential::Entity::delete_by_id(id).exec(db).await?;
    message::Entity::delete_many().filter(message::Column::AccountId.eq(id)).exec(db).await?;
    notices::delete_of_account(db, id).await?;
    bookings::forget_account(db, id, now).await?;
    role_binding::Entity::delete_many().filter(role_binding::Column::AccountId.eq(id)).exec(db).await?;
    upload::Entity::update_many()
        .col_expr(upload::Column::AccountId, Expr::value(None::<AccountId>))
        .filter(upload::Column::AccountId.eq(id))
        .exec(db)
        .await?;
    case::Entity::update_many()
        .col_expr(case::Column::ResidentId, Expr::value(None::<AccountId>))
        .col_expr(case::Column::ContactSealed, Expr::value(None::<Vec<u8>>))
        .filter(case::Column::ResidentId.eq(id))
        .exec(db)
        .await?;
    account::Entity::update_many()
        .col_expr(account::Column::State, Expr::value(AccountState::Erased))
        .col_expr(account::Column::DisplayName, Expr::value(None::<String>))
        .col_expr(account::Column::ErasedAt, Expr::value(now))
        .filter(account::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}
