//! What a committee has already, by name: the rows of a workbook are held against it.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::ids::{CategoryId, CommitteeId, SectorId, StationId};
use domain::vocabulary::Level;

use crate::store::administration::{self, NamedThing};
use crate::store::{Connection, StoreError};

/// What the committee has.
#[derive(Debug)]
pub struct Known {
    /// Its level.
    pub level: Level,
    /// Its sectors.
    pub sectors: Named<SectorId>,
    /// Its stations.
    pub stations: Named<StationId>,
    /// Its categories.
    pub categories: Named<CategoryId>,
    /// Its members in office: the sectors of those who bear a name.
    pub members: HashMap<String, Vec<SectorId>>,
}

/// Things by their names.
#[derive(Debug)]
pub struct Named<Id>(HashMap<String, Bearer<Id>>);

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer<Id> {
    /// Of one that is open.
    One(Id),
    /// Of several that are open.
    Several,
    /// Of what is closed only.
    Closed,
}

impl Known {
    /// Looks all of it up, with who is in office today.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(
        db: &impl Connection,
        (committee_id, level): (CommitteeId, Level),
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let mut members: HashMap<String, Vec<SectorId>> = HashMap::new();
        for member in administration::list_member_names(db, committee_id, today).await? {
            members.entry(member.name).or_default().push(member.sector_id);
        }
        Ok(Self {
            level,
            sectors: Named::new(administration::list_sector_names(db, committee_id).await?),
            stations: Named::new(administration::list_station_names(db, committee_id).await?),
            categories: Named::new(administration::list_category_names(db, committee_id).await?),
            members,
        })
    }
}

impl<Id: Copy> Named<Id> {
    fn new(things: Vec<NamedThing<Id>>) -> Self {
        let mut bearers = HashMap::with_capacity(things.len());
        for NamedThing { id, name, closed } in things {
            bearers
                .entry(name)
                .and_modify(|bearer| match (*bearer, closed) {
                    (Bearer::Closed, false) => *bearer = Bearer::One(id),
                    (Bearer::One(_), false) => *bearer = Bearer::Several,
                    (Bearer::Several, false) | (_, true) => {}
                })
                .or_insert(if closed { Bearer::Closed } else { Bearer::One(id) });
        }
        Self(bearers)
    }

    /// Whose name it is.
    #[must_use]
    pub fn bearer(&self, name: &str) -> Option<Bearer<Id>> {
        self.0.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_goes_before_what_is_closed_and_of_several_none_is_meant() {
        let thing = |id: u8, name: &str, closed| NamedThing { id, name: name.to_owned(), closed };
        let named = Named::new(vec![
            thing(1, "甲", true),
            thing(2, "甲", false),
            thing(3, "甲", true),
            thing(4, "乙", false),
            thing(5, "乙", false),
            thing(6, "丙", true),
        ]);
        assert_eq!(named.bearer("甲"), Some(Bearer::One(2)));
        assert_eq!(named.bearer("乙"), Some(Bearer::Several));
        assert_eq!(named.bearer("丙"), Some(Bearer::Closed));
        assert_eq!(named.bearer("丁"), None);
    }
}
