//! The numbers beside the filters of a list: how many cases each further choice would show.
//!
//! A choice is counted under the rest of the filter: beside the states stands how many there would be of
//! each, whatever states are chosen now.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use domain::case::State;
use domain::deadline::Stage;
use domain::ids::{CategoryId, MemberId, StationId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::Parts;
use crate::store::StoreError;
use crate::store::case_filter::CaseFilter;
use crate::store::filter_counts::{self, Group, MOST};
use crate::store::names;

/// The most stations, members and categories that are told: those with the most cases.
const LONGEST: usize = 100;

/// How many cases a list has, in all and by what it can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseFilterCounts)]
pub struct FilterCounts {
    /// How many the filter finds.
    pub total: i64,
    /// False when something has more than 10,000 cases: the numbers are then lower bounds.
    pub complete: bool,
    /// How many of them are late with their answer.
    pub overdue: i64,
    /// By state, whatever states are chosen; in the order of a case's way.
    pub states: Vec<StateCount>,
    /// Open ones by stage of lateness, whatever stages are chosen.
    pub stages: Vec<StageCount>,
    /// By station, whatever station is chosen; the most first, at most 100.
    pub stations: Vec<NamedCount<StationId>>,
    /// By member, whatever member is chosen; the most first, at most 100. Cases without one are left out.
    pub members: Vec<NamedCount<MemberId>>,
    /// By category, whatever category is chosen; the most first, at most 100. Cases without one are left out.
    pub categories: Vec<NamedCount<CategoryId>>,
}

/// How many cases are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseStateCount)]
pub struct StateCount {
    /// The state.
    pub state: State,
    /// The same in Chinese.
    pub label: &'static str,
    /// How many.
    pub total: i64,
}

/// How many open cases are at a stage of lateness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseStageCount)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// The same in Chinese.
    pub label: &'static str,
    /// How many.
    pub total: i64,
}

/// How many cases something has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedCount<Id> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// How many.
    pub total: i64,
}

/// Counts a list by its filters.
///
/// # Errors
/// The database does not answer.
pub async fn count(state: &Parts, filter: &CaseFilter) -> Result<FilterCounts, StoreError> {
    let mut desk = Desk { state, found: Vec::new(), complete: true };
    desk.found = desk.groups(filter).await?;
    let total = desk.found.iter().map(|group| group.total).sum();
    let overdue = desk.found.iter().map(|group| group.overdue).sum();

    let wider = (!filter.states.is_empty()).then(|| CaseFilter { states: Vec::new(), ..filter.clone() });
    let states = desk.count(wider, |group| Some((group.state, group.total))).await?;
    let wider = (!filter.stages.is_empty()).then(|| CaseFilter { stages: Vec::new(), ..filter.clone() });
    let stages = desk.count(wider, |group| Some((group.stage, group.open))).await?;
    let wider = filter.station_id.map(|_| CaseFilter { station_id: None, ..filter.clone() });
    let stations = desk.count(wider, |group| Some((group.station_id, group.total))).await?;
    let wider = filter.member_id.map(|_| CaseFilter { member_id: None, ..filter.clone() });
    let members = desk.count(wider, |group| Some((group.member_id?, group.total))).await?;
    let wider = filter.category_id.map(|_| CaseFilter { category_id: None, ..filter.clone() });
    let categories = desk.count(wider, |group| Some((group.category_id?, group.total))).await?;

    let db = state.db.reader();
    let (stations, members, categories) = (largest(stations), largest(members), largest(categories));
    let station_names = names::of_stations(db, ids(&stations)).await?;
    let member_names = names::of_members(db, ids(&members)).await?;
    let category_names = names::of_categories(db, ids(&categories)).await?;
    Ok(FilterCounts {
        total,
        overdue,
        complete: desk.complete,
        states: states
            .into_iter()
            .map(|(state, total)| StateCount { state, label: state.label(), total })
            .collect(),
        stages: stages
            .into_iter()
            .map(|(stage, total)| StageCount { stage, label: stage.label(), total })
            .collect(),
        stations: named(stations, &station_names),
        members: named(members, &member_names),
        categories: named(categories, &category_names),
    })
}

/// What is being counted.
struct Desk<'a> {
    state: &'a Parts,
    /// What the whole filter finds.
    found: Vec<Group>,
    /// Whether everything could be counted so far.
    complete: bool,
}

impl Desk<'_> {
    async fn groups(&mut self, filter: &CaseFilter) -> Result<Vec<Group>, StoreError> {
        let groups = filter_counts::groups(self.state.db.reader(), filter, self.state.clock.now()).await?;
        let counted: i64 = groups.iter().map(|group| group.total).sum();
        self.complete &= u64::try_from(counted).is_ok_and(|counted| counted <= MOST);
        Ok(groups)
    }

    /// Adds up by one thing: what the wider filter finds, where the filter chooses by this very thing.
    async fn count<Key: Ord>(
        &mut self,
        wider: Option<CaseFilter>,
        key: impl Fn(&Group) -> Option<(Key, i64)>,
    ) -> Result<BTreeMap<Key, i64>, StoreError> {
        let groups = match &wider {
            Some(filter) => &self.groups(filter).await?,
            None => &self.found,
        };
        let mut counts = BTreeMap::new();
        for (key, total) in groups.iter().filter_map(key).filter(|(_, total)| *total > 0) {
            *counts.entry(key).or_default() += total;
        }
        Ok(counts)
    }
}

/// The most first; what has equally many, by age.
fn largest<Id: Ord>(counts: BTreeMap<Id, i64>) -> Vec<(Id, i64)> {
    let mut counts: Vec<(Id, i64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, total)| Reverse(*total));
    counts.truncate(LONGEST);
    counts
}

fn ids<Id: Copy>(counts: &[(Id, i64)]) -> impl Iterator<Item = Id> {
    counts.iter().map(|(id, _)| *id)
}

fn named<Id: Eq + Hash>(counts: Vec<(Id, i64)>, names: &HashMap<Id, String>) -> Vec<NamedCount<Id>> {
    let name = |id: &Id| names.get(id).cloned().unwrap_or_default();
    counts.into_iter().map(|(id, total)| NamedCount { name: name(&id), id, total }).collect()
}
