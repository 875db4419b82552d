//! `/reception-days`: the bookings of one reception day.

mod create_booking;
mod list_bookings;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_booking::create_booking).service(list_bookings::list_day_bookings);
}
