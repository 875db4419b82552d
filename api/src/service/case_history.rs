//! A case's history as one visitor may read it.

use domain::case::NewEvent;
use domain::ids::{CaseId, MemberId};

use crate::service::case_split;
use crate::service::casework::{self, CaseworkError};
use crate::service::content;
use crate::service::visitor::Visitor;
use crate::state::Parts;
use crate::store;
use crate::store::cases::{CaseKey, Readers};

/// One entry of the history.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number within the case.
    pub seq: i32,
    /// What happened; without words that are not meant for the reader.
    pub event: NewEvent,
    /// The name of the member whom it concerns.
    pub member_name: Option<String>,
}

/// Up to `limit` entries after the number `after`, oldest first.
///
/// # Errors
/// No such case for this visitor.
pub async fn list(
    state: &Parts,
    visitor: &Visitor,
    id: CaseId,
    after: i32,
    limit: u64,
) -> Result<Vec<Entry>, CaseworkError> {
    let standing = casework::standing_of(state, visitor, CaseKey::Id(id)).await?;
    let readers = if standing.is_staff() { Readers::Staff } else { Readers::Residents };
    let db = state.db.reader();
    let events = store::cases::list_events(db, id, readers, after, limit).await?;
    let members = events.iter().filter_map(|stored| stored.event.body.member_id);
    let names = store::names::of_members(db, members).await?;
    let withheld = match readers {
        Readers::Staff => Vec::new(),
        Readers::Residents => store::content_checks::list_withheld_events(db, id).await?,
    };
    let name_of = |id: MemberId| names.get(&id).cloned();
    Ok(events
        .into_iter()
        .map(|stored| {
            let mut event = stored.event;
            if readers == Readers::Residents && !event.kind.has_public_text() {
                event.body.text = None;
            }
            if withheld.contains(&stored.seq) && event.body.text.is_some() {
                event.body.text = Some(content::IN_PLACE.to_owned());
            }
            case_split::hide_others(&mut event.body, standing);
            Entry { seq: stored.seq, member_name: event.body.member_id.and_then(name_of), event }
        })
        .collect())
}
