//! Removes what has had its time. `docs/DATA.md` tells residents the same periods.

use chrono::TimeDelta;

use crate::service::{idempotency, unknown_codes};
use crate::state::AppState;
use crate::store::{self, StoreError, expired, wechat_pushes};

/// Expired refresh tokens are kept for this long, so that reuse of a stolen one is still noticed.
const REFRESH_TOKENS: TimeDelta = TimeDelta::days(30);

/// What recognises a push of WeChat's as a repetition is kept for this long; so is a result that belongs to
/// nothing.
const PUSHES: TimeDelta = TimeDelta::days(7);

/// Removes idempotency keys, pushes, refresh tokens, invitations and unknown codes that are over.
///
/// # Errors
/// The database does not answer.
pub async fn sweep_keys(state: &AppState) -> Result<(), StoreError> {
    let (db, now) = (state.db.reader(), state.clock.now());
    let keys = expired::delete_idempotency_keys(db, now - idempotency::KEPT_FOR).await?;
    let tokens = expired::delete_refresh_tokens(db, now - REFRESH_TOKENS).await?;
    let invitations = expired::delete_invitations(db, now).await?;
    let pushes = wechat_pushes::delete_before(db, now - PUSHES).await?;
    let codes = store::unknown_codes::delete_before(db, now - unknown_codes::KEPT_FOR).await?;
    if keys + tokens + invitations + pushes + codes > 0 {
        tracing::info!(keys, tokens, invitations, pushes, codes, "removed what was over");
    }
    Ok(())
}
