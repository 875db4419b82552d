//! `/shifts`: one shift of a roster, changed, cancelled, or offered to a colleague.

mod cancel;
mod change;
mod offer;
mod problem;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(change::change_shift).service(cancel::cancel_shift).service(offer::offer_shift);
}

/// How a reception day is cut for bookings.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SlotBody {
    /// How long a slot is, 5 to 240 minutes.
    minutes: i16,
    /// How many residents it is for, 1 to 50.
    capacity: i16,
}

impl SlotBody {
    /// Minutes and residents.
    pub(super) fn pair(self) -> (i16, i16) {
        (self.minutes, self.capacity)
    }
}
