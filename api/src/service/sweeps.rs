//! Removes what has had its time. `docs/DATA.md` tells residents the same periods.

use chrono::TimeDelta;

use crate::service::idempotency;
use crate::state::AppState;
use crate::store::{StoreError, expired};

/// Expired refresh tokens are kept for this long, so that reuse of a stolen one is still noticed.
const REFRESH_TOKENS: TimeDelta = TimeDelta::days(30);

/// Removes idempotency keys, refresh tokens and invitations that are over.
///
/// # Errors
/// The database does not answer.
pub async fn sweep_keys(state: &AppState) -> Result<(), StoreError> {
    let (db, now) = (state.db.reader(), state.clock.now());
    let keys = expired::delete_idempotency_keys(db, now - idempotency::KEPT_FOR).await?;
    let tokens = expired::delete_refresh_tokens(db, now - REFRESH_TOKENS).await?;
    let invitations = expired::delete_invitations(db, now).await?;
    if keys + tokens + invitations > 0 {
        tracing::info!(keys, tokens, invitations, "removed what was over");
    }
    Ok(())
}
