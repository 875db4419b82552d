//! `/categories`: what cases are about, as admins keep them.

mod change;
mod create;
mod list;
mod record;

use record::CategoryBody;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_categories).service(change::change_category);
}

/// The categories of a committee, below it.
pub fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes.service(create::create_category);
}
