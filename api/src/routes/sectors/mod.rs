//! `/sectors`: the fields that members stand for, as admins keep them.

mod change;
mod create;
mod record;

use crate::routes::map::RouteMap;

use record::SectorBody;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(create::create_sector).service(change::change_sector);
}
