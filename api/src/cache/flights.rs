//! One loader at a time for a key: whoever comes second waits for the first.

use std::collections::HashMap;
use std::collections::hash_map;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::key::EntryKey;
use super::local::AnyValue;

/// The loads under way in this process.
#[derive(Debug, Default)]
pub(super) struct Flights {
    under_way: Mutex<HashMap<EntryKey, Flight>>,
}

/// How a load ended, as seen by those who waited for it.
#[derive(Debug, Clone)]
pub(super) enum Landing {
    /// With this value.
    Loaded(AnyValue),
    /// With an error, which is the leader's alone.
    Failed,
    /// Its request went away before the end; somebody else must lead.
    Abandoned,
}

/// A load under way.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    /// The generation at its start: who comes after an invalidation must not board it.
    generation: u64,
    landing: watch::Receiver<Option<Landing>>,
}

impl Flight {
    /// Waits for the end of the load.
    pub(super) async fn landing(mut self) -> Landing {
        match self.landing.wait_for(Option::is_some).await {
            Ok(landing) => landing.clone().unwrap_or(Landing::Abandoned),
            Err(_) => Landing::Abandoned,
        }
    }
}

/// What somebody who asks has to do.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    /// Load, and tell the others.
    Lead(Lead<'a>),
    /// Wait for the one who loads.
    Follow(Flight),
}

/// The duty to load. Dropped without landing, it passes to one of those who wait.
#[derive(Debug)]
pub(super) struct Lead<'a> {
    flights: &'a Flights,
    name: EntryKey,
    landing: watch::Sender<Option<Landing>>,
}

impl Flights {
    /// Joins the load of `name`, or begins it.
    pub(super) fn join(&self, name: &EntryKey, generation: u64) -> Turn<'_> {
        let mut under_way = self.lock();
        if let Some(flight) = under_way.get(name)
            && flight.generation == generation
        {
            return Turn::Follow(flight.clone());
        }
        let (sender, receiver) = watch::channel(None);
        under_way.insert(name.clone(), Flight { generation, landing: receiver });
        Turn::Lead(Lead { flights: self, name: name.clone(), landing: sender })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EntryKey, Flight>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lead<'_> {
    /// Hands the value, or the fact that there is none, to all who wait.
    pub(super) fn land(self, value: Option<AnyValue>) {
        self.landing.send_replace(Some(value.map_or(Landing::Failed, Landing::Loaded)));
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut under_way = self.flights.lock();
        // A flight of a later generation may have taken the place.
        if let hash_map::Entry::Occupied(place) = under_way.entry(self.name.clone())
            && place.get().landing.same_channel(&self.landing.subscribe())
        {
            place.remove();
        }
    }
}
