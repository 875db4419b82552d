//! `/me`: the caller's own account and inbox.

mod bind;
mod case_views;
mod erase;
mod export;
mod list_bookings;
mod list_codes;
mod list_handovers;
mod list_messages;
mod list_shifts;
mod problem;
mod read_message;
mod remove_phone;
mod set_password;
mod set_phone;
mod show;
mod subscriptions;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(show::show_me)
        .service(bind::bind_me)
        .service(set_password::set_password)
        .service(set_phone::set_phone)
        .service(remove_phone::remove_phone)
        .service(export::export_me)
        .service(erase::erase_me)
        .service(list_messages::list_messages)
        .service(read_message::read_message)
        .service(list_shifts::list_own_shifts)
        .service(list_codes::list_own_codes)
        .service(list_bookings::list_own_bookings)
        .service(list_handovers::list_handovers)
        .scope("/case-views", case_views::routes)
        .scope("/subscriptions", subscriptions::routes);
}
