//! A member's own codes: to show to people, to save, to print on a card.

use chrono::{DateTime, Utc};
use domain::ids::{CodeId, MemberId, StationId};
use domain::role::Role;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::link_of;
use super::receipt::Named;
use crate::auth::Caller;
use crate::state::Parts;
use crate::store::StoreError;
use crate::store::codes::{self, CodeOfMember};

/// A code that leads to the member who asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnCode {
    /// Its place in the list.
    #[serde(skip)]
    pub id: CodeId,
    /// What stands in the printed link; its pictures are below `/codes/{token}`.
    pub token: String,
    /// The printed link.
    pub url: String,
    /// The station that takes in what is reported through it.
    pub station: Named<StationId>,
    /// Where it hangs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// The caller's codes that work, before a place in the list, newest first; none for who is no member.
///
/// # Errors
/// The database does not answer.
pub async fn list(
    state: &Parts,
    caller: &Caller,
    page: (Option<CodeId>, u64),
) -> Result<Vec<OwnCode>, StoreError> {
    let members: Vec<MemberId> = caller.scopes(Role::Member).map(MemberId).collect();
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let rows = codes::list_working_of_members(state.db.reader(), &members, page).await?;
    let own = |code: CodeOfMember| OwnCode {
        id: code.id,
        url: link_of(state, &code.token),
        token: code.token,
        station: Named { id: code.station.id, name: code.station.name },
        placed_at: code.placed_at,
        created_at: code.created_at,
    };
    Ok(rows.into_iter().map(own).collect())
}
