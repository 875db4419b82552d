//! Cases: intake, lists, one case, its history, and the actions on it.

mod actions;
mod check_answer;
mod count_by_filter;
mod count_cases;
mod create_case;
mod create_ticket;
mod draft;
mod export_cases;
mod list_case_events;
mod list_cases;
mod list_followers;
mod list_holders;
mod list_query;
mod problem;
mod reveal_phone;
mod show_case;
mod show_slip;
mod slip_page;
mod track_case;

use crate::routes::map::RouteMap;

pub(super) use create_case::{CounterReport, ReportBody};
pub(super) use list_query::read_kept_query;

/// The routes of cases.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(create_case::create_case)
        .service(list_cases::list_cases)
        .service(export_cases::export_cases)
        .service(count_cases::count_cases)
        .service(count_by_filter::count_cases_by_filter)
        .scope("/{id}", of_case);
}

fn of_case(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(show_case::show_case)
        .service(list_case_events::list_case_events)
        .service(list_followers::list_case_followers)
        .service(list_holders::list_case_holders)
        .service(show_slip::show_case_slip)
        .service(create_ticket::create_case_ticket)
        .service(check_answer::check_answer)
        .service(reveal_phone::reveal_case_phone)
        .configure(draft::routes)
        .configure(actions::routes);
}

/// `/tracking`: a case by its number.
pub fn tracking(routes: &mut RouteMap<'_, '_>) {
    routes.service(track_case::track_case);
}
