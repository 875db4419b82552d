//! `/held-contents`: words and pictures that wait for a person, shown or kept back.

mod allow;
mod list;
mod problem;
mod refuse;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(allow::allow_held_content).service(refuse::refuse_held_content);
}

/// The held contents of a station, below it.
pub fn of_station(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_held_contents);
}
