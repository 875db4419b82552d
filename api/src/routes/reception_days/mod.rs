//! `/reception-days`: the bookings of one reception day.

mod create_booking;
mod list_bookings;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(create_booking::create_booking).service(list_bookings::list_day_bookings);
}
