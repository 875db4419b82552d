//! A search in the cases of a station goes backwards through time, in spans that grow.
//!
//! Which station a case belongs to and which words it has lie in two indexes. Whoever walks along one of them
//! passes all that the other would have left out: for a word that one case in fifty has, at a station that has
//! an eighth of all, that is a thousand cases for one page. The index of words also knows the week in which a
//! case came in at a station, so that a span of weeks is looked up there alone. What one page needs is mostly
//! found in the first span or the second; a span is only four times as long as the one before, and so is what is
//! read in vain.

use chrono::{DateTime, Utc};
use domain::ids::CaseId;
use domain::search::{Week, came_in};

use super::case_filter::{CaseFilter, Scope, Sort};
use super::case_pages::FEW;

/// Weeks in each span; what is older than all of them is found without.
const SPANS: [u32; 4] = [1, 4, 16, 64];

/// The filter, cut down to the newest cases after this one in spans of growing length, each beginning where the
/// one before does: a full page of one of them is the page. None for lists that are not searched so.
pub(super) fn newest_first(
    filter: &CaseFilter,
    after: Option<CaseId>,
    now: DateTime<Utc>,
) -> impl Iterator<Item = CaseFilter> {
    let stations = match &filter.scope {
        Scope::Stations(ids) if filter.sort == Sort::Newest && ids.len() <= FEW => ids.as_slice(),
        _ => &[],
    };
    let search = filter.q.as_ref();
    let latest = filter.until.map_or(now, |until| until.min(now));
    // One more, since the clocks of those who made the ids may be ahead.
    let begin = after.and_then(Week::of_case).unwrap_or(Week::of(latest).next());
    SPANS.into_iter().filter_map(move |weeks| {
        let within = search?.within(came_in(stations, begin, weeks)?)?;
        Some(CaseFilter { q: Some(within), ..filter.clone() })
    })
}
