//! The registry of printed codes: issuing and revoking.

use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditTarget};
use domain::ids::{CommitteeId, MemberId, StationId};
use domain::text::{Name, Place, Reason};
use domain::vocabulary::{CodeKind, CodeState};
use entity::code;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::audit::{self, Deed};
use super::authority::{AuthorityError, manages_station, may_manage};
use super::idempotency::{self, IdempotencyError};
use crate::auth::Caller;
use crate::cache::Tag;
use crate::state::Parts;
use crate::store::codes;
use crate::store::directory::{members, stations};
use crate::store::{StoreError, Transaction};

/// Ids have 40 bits: a token that exists already is drawn about once in a million codes.
const DRAWS: usize = 4;

/// Why something can't be done to a code.
#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    /// There is no such station or member, or none that the caller may give codes to.
    #[error("no such station or member for this caller")]
    Unknown,
    /// There is no such code, or none that the caller may revoke.
    #[error("no such code for this caller")]
    UnknownCode,
    /// The member does not serve the station that the code should hang at.
    #[error("the member does not serve this station")]
    NotServing,
    /// The replacement is the code itself, unknown or revoked.
    #[error("the replacement is {0}")]
    BadReplacement(&'static str),
    /// The key came before with another content.
    #[error(transparent)]
    Key(#[from] IdempotencyError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthorityError> for CodesError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::Unknown,
            AuthorityError::Store(error) => Self::Store(error),
        }
    }
}

/// Where a new code will hang, and with which print run it comes.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// Where it hangs.
    pub placed_at: Option<Place>,
    /// The print run.
    pub batch: Option<Name>,
}

/// A code by its token, and the link to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CodeLink {
    /// What stands in the printed link.
    pub token: String,
    /// The printed link.
    pub url: String,
}

impl CodeLink {
    pub(super) fn new(state: &Parts, token: &str) -> Self {
        Self { token: token.to_owned(), url: link_of(state, token) }
    }
}

/// A code as it was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IssuedCode {
    /// What stands in the printed link.
    pub token: String,
    /// The printed link.
    pub url: String,
    /// What it points to.
    pub kind: CodeKind,
    /// Where it hangs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<String>,
    /// The print run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
}

/// A code that has just been revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RevokedCode {
    /// What stands in the printed link.
    pub token: String,
    /// What it pointed to.
    pub kind: CodeKind,
    /// Always `revoked`.
    pub state: CodeState,
    /// Why.
    pub reason: String,
    /// When.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The code that works in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<CodeLink>,
}

/// The printed link of a token that is in the registry; the same as [`qr::printable_link`] makes.
pub(super) fn link_of(state: &Parts, token: &str) -> String {
    format!("{}/c/{token}", state.config.server.public_base())
}

/// Issues a code that points to a station.
///
/// # Errors
/// The caller does not run the station; the database does not answer.
pub async fn issue_station_code(
    state: &Parts,
    caller: &Caller,
    station_id: StationId,
    placement: Placement,
    request: Option<&idempotency::Request>,
) -> Result<IssuedCode, CodesError> {
    let station = manages_station(state, caller, station_id).await?;
    issue(state, caller, (station.committee_id, station_id, None), placement, request).await
}

/// Issues a code that points to a member. It hangs at the station given, else at the first of the member's
/// stations that the caller runs.
///
/// # Errors
/// The caller runs no station of the member, or not the one given; the member does not serve it; the
/// database does not answer.
pub async fn issue_member_code(
    state: &Parts,
    caller: &Caller,
    member_id: MemberId,
    station_id: Option<StationId>,
    placement: Placement,
    request: Option<&idempotency::Request>,
) -> Result<IssuedCode, CodesError> {
    let today = domain::calendar::shanghai_date(state.clock.now());
    let db = state.db.reader();
    members::find_committee(db, member_id, today).await?.ok_or(CodesError::Unknown)?;
    let serving: Vec<StationId> =
        members::list_stations_of(db, &[member_id]).await?.into_iter().map(|station| station.id).collect();
    let station = match station_id {
        Some(wanted) => {
            let station = manages_station(state, caller, wanted).await?;
            if !serving.contains(&wanted) {
                return Err(CodesError::NotServing);
            }
            (station.committee_id, station.id)
        }
        None => first_managed(state, caller, &serving).await?.ok_or(CodesError::Unknown)?,
    };
    issue(state, caller, (station.0, station.1, Some(member_id)), placement, request).await
}

async fn first_managed(
    state: &Parts,
    caller: &Caller,
    among: &[StationId],
) -> Result<Option<(CommitteeId, StationId)>, StoreError> {
    let mut rows = stations::list_by_ids(state.db.reader(), among).await?;
    rows.sort_by_key(|row| row.id);
    for row in rows {
        if may_manage(state, caller, row.id, row.committee_id).await? {
            return Ok(Some((row.committee_id, row.id)));
        }
    }
    Ok(None)
}

async fn issue(
    state: &Parts,
    caller: &Caller,
    (committee_id, station_id, member_id): (CommitteeId, StationId, Option<MemberId>),
    placement: Placement,
    request: Option<&idempotency::Request>,
) -> Result<IssuedCode, CodesError> {
    let mut draws = 0;
    loop {
        let token = state.code_keys.mint(state.ids.bytes());
        let code = code::Model {
            id: state.ids.next(),
            token: token.as_ref().to_owned(),
            committee_id,
            kind: if member_id.is_some() { CodeKind::Member } else { CodeKind::Station },
            station_id,
            member_id,
            state: CodeState::Live,
            placed_at: placement.placed_at.as_ref().map(|place| place.as_str().to_owned()),
            batch: placement.batch.as_ref().map(|batch| batch.as_str().to_owned()),
            scan_count: 0,
            replacement_id: None,
            revoked_reason: None,
            revoked_at: None,
            created_at: state.clock.now(),
        };
        let issued = IssuedCode {
            url: link_of(state, &code.token),
            token: code.token.clone(),
            kind: code.kind,
            placed_at: code.placed_at.clone(),
            batch: code.batch.clone(),
        };
        draws += 1;
        let stored = idempotency::once(state, request, idempotency::CREATED, async |tx| {
            let deed = deed(AuditAction::IssueCode, &code);
            codes::insert(tx, code).await?;
            audit::record(state, tx, Some(caller.account_id), deed).await?;
            Ok(issued)
        });
        match stored.await {
            Err(CodesError::Store(StoreError::Duplicate(_))) if draws < DRAWS => {}
            result => return result,
        }
    }
}

/// Revokes a code; on a revoked one it changes the reason and the replacement, as a new poster may be
/// printed later than the old one was torn down.
///
/// # Errors
/// The caller runs no station of the code; the replacement is no good; the database does not answer.
pub async fn revoke(
    state: &Parts,
    caller: &Caller,
    token: &str,
    reason: &Reason,
    replacement: Option<&str>,
) -> Result<RevokedCode, CodesError> {
    let token = state.code_keys.read(token).map_err(|_| CodesError::UnknownCode)?;
    let known = codes::find(state.db.reader(), token.as_ref()).await?.ok_or(CodesError::UnknownCode)?;
    if !may_manage(state, caller, known.station_id, known.committee_id).await? {
        return Err(CodesError::UnknownCode);
    }
    let replacement = match replacement {
        None => None,
        Some(text) => Some(read_replacement(state, caller, text).await?),
    };
    let tx = state.db.begin().await?;
    let (code, replacement) = lock_both(&tx, token.as_ref(), replacement.as_deref()).await?;
    let replacement_id = replacement.as_ref().map(|other| other.id);
    let revoked = codes::revoke(&tx, code, reason.as_str(), replacement_id, state.clock.now()).await?;
    audit::record(state, &tx, Some(caller.account_id), deed(AuditAction::RevokeCode, &revoked)).await?;
    tx.commit().await.map_err(StoreError::from)?;
    state.cache.invalidate(&[Tag::Code(revoked.token.clone())]).await;
    Ok(RevokedCode {
        token: revoked.token,
        kind: revoked.kind,
        state: revoked.state,
        reason: reason.as_str().to_owned(),
        revoked_at: revoked.revoked_at,
        replacement: replacement.map(|other| CodeLink::new(state, &other.token)),
    })
}

fn deed(action: AuditAction, code: &code::Model) -> Deed {
    let detail = json!({
        "token": code.token,
        "station_id": code.station_id,
        "member_id": code.member_id,
        "replacement_id": code.replacement_id,
    });
    let (committee_id, target_id) = (Some(code.committee_id), code.id.0);
    Deed { committee_id, action, target: AuditTarget::Code, target_id, detail }
}

/// The token of a code that the caller may give out as a replacement.
async fn read_replacement(state: &Parts, caller: &Caller, text: &str) -> Result<String, CodesError> {
    const UNKNOWN: CodesError = CodesError::BadReplacement("unknown");
    let token = state.code_keys.read(text).map_err(|_| UNKNOWN)?;
    let other = codes::find(state.db.reader(), token.as_ref()).await?.ok_or(UNKNOWN)?;
    if may_manage(state, caller, other.station_id, other.committee_id).await? {
        return Ok(other.token);
    }
    Err(UNKNOWN)
}

/// The code and its replacement, which must be another one that works.
async fn lock_both(
    tx: &Transaction,
    token: &str,
    replacement: Option<&str>,
) -> Result<(code::Model, Option<code::Model>), CodesError> {
    let tokens: Vec<&str> = [token].into_iter().chain(replacement).collect();
    let mut locked = codes::lock(tx, &tokens).await?;
    let mut take = |token: &str| {
        let place = locked.iter().position(|code| code.token == token)?;
        Some(locked.swap_remove(place))
    };
    let code = take(token).ok_or(CodesError::UnknownCode)?;
    let replacement = match replacement {
        None => None,
        Some(other) if other == token => return Err(CodesError::BadReplacement("the code itself")),
        Some(other) => Some(take(other).ok_or(CodesError::BadReplacement("unknown"))?),
    };
    if replacement.as_ref().is_some_and(|other| other.state == CodeState::Revoked) {
        return Err(CodesError::BadReplacement("revoked"));
    }
    Ok((code, replacement))
}

#[cfg(test)]
mod tests;
