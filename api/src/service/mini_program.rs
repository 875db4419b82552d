//! Which mini-program somebody uses, and who he is there.

use domain::ids::AccountId;

use crate::state::Parts;
use crate::store::{StoreError, accounts};
use crate::wechat::WeChat;

/// The client to call WeChat by for an account, and its openid there; nothing for who never came by
/// WeChat, or by a mini-program that is not configured any more. An openid means something in its own
/// mini-program only.
///
/// # Errors
/// The database does not answer.
pub async fn of_account(app: &Parts, id: AccountId) -> Result<Option<(&WeChat, String)>, StoreError> {
    let identities = accounts::list_identities(app.db.reader(), id).await?;
    // The newest one first.
    Ok(identities.into_iter().rev().find_map(|identity| {
        let client = app.wechat.of(&identity.appid).ok()?;
        Some((client, identity.openid))
    }))
}
