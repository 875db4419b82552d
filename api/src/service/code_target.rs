//! Where a case goes whose resident scanned a code: looked up once, then kept in memory.

use domain::ids::{CodeId, CommitteeId, MemberId, StationId};
use domain::vocabulary::CodeState;
use serde::{Deserialize, Serialize};

use crate::cache::{Fresh, Key, Tag};
use crate::service::codes::CodeLink;
use crate::state::Parts;
use crate::store::{self, StoreError};

/// What a code points to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CodeTarget {
    /// The code.
    pub id: CodeId,
    /// Its committee.
    pub committee_id: CommitteeId,
    /// Its station.
    pub station_id: StationId,
    /// The member, for a member's code.
    pub member_id: Option<MemberId>,
}

/// Why a code leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Made up, misread, or never issued.
    #[error("no such code")]
    Unknown,
    /// It does not work any more.
    #[error("the code was revoked")]
    Revoked {
        /// The code that works in its place.
        replacement: Option<CodeLink>,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the cache keeps of a code, also that there is none.
#[derive(Debug, Serialize, Deserialize)]
enum Known {
    Live(CodeTarget),
    Revoked { replacement: Option<String> },
    Unknown,
}

struct TargetKey<'a>(&'a str);

impl Key for TargetKey<'_> {
    type Value = Known;
    const FAMILY: &'static str = "target";

    fn id(&self) -> String {
        self.0.to_owned()
    }
}

/// What the code that was scanned points to.
///
/// # Errors
/// It is unknown or revoked; the database does not answer.
pub async fn resolve(state: &Parts, text: &str) -> Result<CodeTarget, TargetError> {
    let token = state.code_keys.read(text).map_err(|_| TargetError::Unknown)?;
    let token = token.as_ref();
    let known = state.cache.get(&TargetKey(token), async || load(state, token).await).await?;
    match &*known {
        Known::Live(target) => Ok(*target),
        Known::Revoked { replacement } => {
            let replacement = replacement.as_deref().map(|token| CodeLink::new(state, token));
            Err(TargetError::Revoked { replacement })
        }
        Known::Unknown => Err(TargetError::Unknown),
    }
}

async fn load(state: &Parts, token: &str) -> Result<Fresh<Known>, StoreError> {
    let tags = vec![Tag::Code(token.to_owned())];
    let db = state.db.reader();
    let Some(code) = store::codes::find(db, token).await? else {
        return Ok(Fresh { value: Known::Unknown, tags, expires_at: None });
    };
    let value = if code.state == CodeState::Live {
        Known::Live(CodeTarget {
            id: code.id,
            committee_id: code.committee_id,
            station_id: code.station_id,
            member_id: code.member_id,
        })
    } else {
        let scanned = store::codes::find_scanned(db, token).await?;
        let replacement = scanned.and_then(|code| code.replacement);
        let live = replacement.filter(|other| other.state == CodeState::Live);
        Known::Revoked { replacement: live.map(|other| other.token) }
    };
    Ok(Fresh { value, tags, expires_at: None })
}
