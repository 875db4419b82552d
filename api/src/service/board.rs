//! The board that cases are routed by: one committee's stations, members, roster and loads, kept in
//! memory so that taking a case in reads nothing.
//!
//! A board is at most [`MAX_AGE`] old; changes made by this process show at once, those of other
//! processes after that time. Loads grow as this process assigns, so that a burst of cases is
//! spread and not piled on one member.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{CategoryId, CommitteeId, MemberId, StationId};
use domain::routing::{Directory, Loads, Matter, Routing, RoutingError, Rules, route};

use crate::state::Parts;
use crate::store::case_terms::CaseTerms;
use crate::store::{self, StoreError};

/// How long a board is used.
const MAX_AGE: TimeDelta = TimeDelta::seconds(10);

/// One committee's board.
#[derive(Debug)]
pub struct Board {
    /// Stations, members, categories, roster.
    pub directory: Directory,
    /// By what cases are routed.
    pub rules: Rules,
    terms: store::case_terms::CommitteeTerms,
    loads: RwLock<Loads>,
    read_at: DateTime<Utc>,
}

impl Board {
    /// Routes a case by what the board knows.
    ///
    /// # Errors
    /// No station of the committee is open.
    pub fn route(&self, matter: &Matter<'_>) -> Result<Routing, RoutingError> {
        let loads = self.loads.read().unwrap_or_else(PoisonError::into_inner);
        route(matter, &self.directory, &loads, &self.rules)
    }

    /// The terms of a case at this station and of this category.
    #[must_use]
    pub fn terms(&self, station_id: StationId, category_id: Option<CategoryId>) -> CaseTerms {
        self.terms.of(station_id, category_id)
    }

    /// Counts a case that a member was just given.
    pub fn count_assignment(&self, member_id: MemberId) {
        self.loads.write().unwrap_or_else(PoisonError::into_inner).add(member_id);
    }
}

/// The boards of all committees, and which committee a station belongs to.
#[derive(Debug, Default)]
pub struct Boards {
    boards: RwLock<HashMap<CommitteeId, Arc<Board>>>,
    stations: RwLock<HashMap<StationId, CommitteeId>>,
    /// Only one task reads a board anew; the others wait for it.
    reading: tokio::sync::Mutex<()>,
    /// Only one simulation at a time: it takes a whole core.
    pub(super) simulating: tokio::sync::Mutex<()>,
}

impl Boards {
    fn fresh(&self, committee_id: CommitteeId, now: DateTime<Utc>) -> Option<Arc<Board>> {
        let boards = self.boards.read().unwrap_or_else(PoisonError::into_inner);
        boards.get(&committee_id).filter(|board| (now - board.read_at).abs() < MAX_AGE).cloned()
    }

    /// Reads a board anew before its next use: somebody's desk or the directory has changed.
    pub fn forget(&self, committee_id: CommitteeId) {
        self.boards.write().unwrap_or_else(PoisonError::into_inner).remove(&committee_id);
    }
}

/// The board of a committee.
///
/// # Errors
/// The database does not answer.
pub async fn of(state: &Parts, committee_id: CommitteeId) -> Result<Arc<Board>, StoreError> {
    let now = state.clock.now();
    if let Some(board) = state.boards.fresh(committee_id, now) {
        return Ok(board);
    }
    let _reading = state.boards.reading.lock().await;
    if let Some(board) = state.boards.fresh(committee_id, now) {
        return Ok(board);
    }
    let db = state.db.reader();
    let directory = store::routing_snapshot::load(db, committee_id, now).await?;
    let members: Vec<MemberId> = directory.members.iter().map(|member| member.id).collect();
    let loads = store::routing_snapshot::loads(db, &members).await?;
    let own = store::committee_rules::find(db, committee_id).await?;
    let terms = store::case_terms::of_committee(db, committee_id, own.terms).await?;
    let rules = own.routing.over(Rules::default());
    let board = Arc::new(Board { directory, rules, terms, loads: RwLock::new(loads), read_at: now });
    let mut boards = state.boards.boards.write().unwrap_or_else(PoisonError::into_inner);
    boards.insert(committee_id, board.clone());
    Ok(board)
}

/// The committee of a station; a station never changes it.
///
/// # Errors
/// The database does not answer.
pub async fn committee_of(state: &Parts, station_id: StationId) -> Result<Option<CommitteeId>, StoreError> {
    let known =
        state.boards.stations.read().unwrap_or_else(PoisonError::into_inner).get(&station_id).copied();
    if known.is_some() {
        return Ok(known);
    }
    let found = store::case_terms::committee_of_station(state.db.reader(), station_id).await?;
    if let Some(committee_id) = found {
        let mut stations = state.boards.stations.write().unwrap_or_else(PoisonError::into_inner);
        stations.insert(station_id, committee_id);
    }
    Ok(found)
}
