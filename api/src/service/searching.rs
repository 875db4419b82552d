//! Keeps the search index of cases as the cases are, and prepares a search.
//!
//! A case is put into the index by the job that follows each of its events, after the commit, so that no
//! call waits for it. A sweep finds what was missed, and what was cut by an older segmenter.

use domain::ids::CaseId;
use domain::search::{Query, Terms, Week};

use crate::jobs::Job;
use crate::service::names::{name_initials, name_pinyin};
use crate::state::{AppState, Parts};
use crate::store::case_filter::Scope;
use crate::store::outbox::NewJob;
use crate::store::search::Search;
use crate::store::spellings::{self, Spelled};
use crate::store::{self, StoreError, case_search};

/// How many missed cases one run of the job takes, so that it ends long before its lease; and how many
/// names are read at once.
const BATCH: u64 = 500;

/// A search by these words in the cases of this scope; nothing for none.
///
/// # Errors
/// The database does not answer.
pub async fn prepare(
    state: &Parts,
    scope: &Scope,
    query: Option<Query>,
) -> Result<Option<Search>, StoreError> {
    match query {
        None => Ok(None),
        Some(query) => Search::prepare(state.db.reader(), scope, query).await.map(Some),
    }
}

/// Puts a case into the index as it is now. What is there already is not written again.
///
/// # Errors
/// The database does not answer.
pub async fn index_case(state: &Parts, id: CaseId) -> Result<(), StoreError> {
    let db = state.db.reader();
    let Some(case) = case_search::find(db, id).await? else { return Ok(()) };
    if case.indexed_seq.is_some_and(|seq| seq >= case.event_seq) {
        return Ok(());
    }
    let mut terms = Terms::default();
    terms.add_number(&case.number);
    let links = [Some(case.station_id.0), case.member_id.map(|id| id.0), case.category_id.map(|id| id.0)];
    links.into_iter().flatten().for_each(|id| terms.add_link(id));
    Week::of_case(id).into_iter().for_each(|week| terms.add_week(case.station_id, week));
    let written = [Some(case.text), case.place_name, case.place_address];
    let words = case_search::list_words(db, id).await?;
    written.into_iter().flatten().chain(words).for_each(|text| terms.add_text(&text));
    case_search::keep(db, id, case.event_seq, &terms).await
}

/// Spells members' names anew that a version before has spelled otherwise.
///
/// # Errors
/// The database does not answer.
pub async fn spell_names(state: &Parts) -> Result<(), StoreError> {
    let (db, mut after) = (state.db.reader(), None);
    loop {
        let batch = spellings::list(db, after, BATCH).await?;
        let Some(last) = batch.last().map(|spelled| spelled.id) else { return Ok(()) };
        for known in batch {
            let (pinyin, initials) = (name_pinyin(&known.name), name_initials(&known.name));
            if (&pinyin, &initials) != (&known.name_pinyin, &known.name_initials) {
                let spelled = Spelled { name_pinyin: pinyin, name_initials: initials, ..known };
                spellings::keep(db, spelled).await?;
            }
        }
        after = Some(last);
    }
}

/// Puts cases into the index that it does not have, from the id `after` on: some of them, and leaves the
/// rest to another run.
///
/// # Errors
/// The database does not answer. What was indexed until then stays so.
pub async fn index_missed(state: &AppState, after: Option<CaseId>) -> Result<(), StoreError> {
    let missed = case_search::list_missed(state.db.reader(), after, BATCH).await?;
    let mut last = None;
    for id in missed {
        match index_case(state, id).await {
            Ok(()) => {}
            Err(error @ StoreError::Unavailable(_)) => return Err(error),
            // One case that can't be read does not keep the others out.
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(case_id = %id, error, "a case could not be put into the search index");
            }
        }
        last = Some(id);
    }
    let Some(last) = last else { return Ok(()) };
    let now = state.clock.now();
    let job = Job::IndexCases { after: last };
    let new = NewJob { id: state.ids.next(), job: &job, run_at: now, dedupe_key: None, created_at: now };
    store::outbox::enqueue(state.db.reader(), new).await?;
    state.jobs.wake();
    Ok(())
}
