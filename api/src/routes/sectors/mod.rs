//! `/sectors`: the fields that members stand for, as admins keep them.

mod change;
mod create;
mod list;
mod record;

use record::SectorBody;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_sectors).service(change::change_sector);
}

/// The sectors of a committee, below it.
pub fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes.service(create::create_sector);
}
