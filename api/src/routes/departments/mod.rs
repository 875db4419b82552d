//! `/departments`: who is asked for its part, as admins keep them.

mod change;
mod create;
mod list;
mod record;

use record::DepartmentBody;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_departments).service(change::change_department);
}

/// The departments of a committee, below it.
pub fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes.service(create::create_department);
}
