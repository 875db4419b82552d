//! Erasing what somebody gave under a consent that is taken back; the cases themselves stay.

use domain::ids::{AccountId, BookingId, CaseId, UploadId};
use entity::{account, booking, case, case_search, upload, wechat_identity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{StoreError, Transaction};

/// The sealed contacts of the cases that the account raised.
///
/// # Errors
/// The query failed.
pub async fn list_case_contacts(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Vec<(CaseId, Vec<u8>)>, StoreError> {
    let sealed = case::Entity::find()
        .select_only()
        .columns([case::Column::Id, case::Column::ContactSealed])
        .filter(case::Column::ResidentId.eq(id))
        .filter(case::Column::ContactSealed.is_not_null());
    Ok(sealed.into_tuple().all(db).await?)
}

/// Puts another sealed contact into a case.
///
/// # Errors
/// The query failed.
pub async fn replace_case_contact(
    tx: &Transaction,
    id: CaseId,
    sealed: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    case::Entity::update_many()
        .col_expr(case::Column::ContactSealed, Expr::value(sealed))
        .filter(case::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The sealed contacts of the account's bookings.
///
/// # Errors
/// The query failed.
pub async fn list_booking_contacts(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Vec<(BookingId, Vec<u8>)>, StoreError> {
    let sealed = booking::Entity::find()
        .select_only()
        .columns([booking::Column::Id, booking::Column::ContactSealed])
        .filter(booking::Column::AccountId.eq(id))
        .filter(booking::Column::ContactSealed.is_not_null());
    Ok(sealed.into_tuple().all(db).await?)
}

/// Puts another sealed contact into a booking.
///
/// # Errors
/// The query failed.
pub async fn replace_booking_contact(
    tx: &Transaction,
    id: BookingId,
    sealed: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    booking::Entity::update_many()
        .col_expr(booking::Column::ContactSealed, Expr::value(sealed))
        .filter(booking::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes the places out of the cases that the account raised; says which had one. Their entries of the
/// search index count as old: whoever makes them anew leaves the place out.
///
/// # Errors
/// A query failed.
pub async fn forget_places(tx: &Transaction, id: AccountId) -> Result<Vec<CaseId>, StoreError> {
    let placed = Condition::any()
        .add(case::Column::Lat.is_not_null())
        .add(case::Column::PlaceName.is_not_null())
        .add(case::Column::PlaceAddress.is_not_null());
    let ids: Vec<CaseId> = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(case::Column::ResidentId.eq(id))
        .filter(placed)
        .into_tuple()
        .all(tx)
        .await?;
    // In portions: both databases limit the parameters of a statement.
    for portion in ids.chunks(500) {
        case::Entity::update_many()
            .col_expr(case::Column::Lat, Expr::value(None::<f64>))
            .col_expr(case::Column::Lng, Expr::value(None::<f64>))
            .col_expr(case::Column::PlaceName, Expr::value(None::<String>))
            .col_expr(case::Column::PlaceAddress, Expr::value(None::<String>))
            .filter(case::Column::Id.is_in(portion.iter().copied()))
            .exec(tx)
            .await?;
        case_search::Entity::update_many()
            .col_expr(case_search::Column::EventSeq, Expr::value(0))
            .filter(case_search::Column::CaseId.is_in(portion.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(ids)
}

/// The pictures of the account that no case has taken.
///
/// # Errors
/// The query failed.
pub async fn list_unclaimed(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<UploadId>, StoreError> {
    let unclaimed = upload::Entity::find()
        .select_only()
        .column(upload::Column::Id)
        .filter(upload::Column::AccountId.eq(id))
        .filter(upload::Column::CaseId.is_null());
    Ok(unclaimed.into_tuple().all(db).await?)
}

/// Takes the name off the account; says whether it had one.
///
/// # Errors
/// The query failed.
pub async fn forget_name(tx: &Transaction, id: AccountId) -> Result<bool, StoreError> {
    let forgotten = account::Entity::update_many()
        .col_expr(account::Column::DisplayName, Expr::value(None::<String>))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::DisplayName.is_not_null())
        .exec(tx)
        .await?;
    Ok(forgotten.rows_affected > 0)
}

/// Unties a WeChat user from the account.
///
/// # Errors
/// The query failed.
pub async fn forget_identity(tx: &Transaction, appid: &str, openid: &str) -> Result<(), StoreError> {
    wechat_identity::Entity::delete_by_id((appid.to_owned(), openid.to_owned())).exec(tx).await?;
    Ok(())
}
