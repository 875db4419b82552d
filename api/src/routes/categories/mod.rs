//! `/categories`: what cases are about, as admins keep them.

mod change;
mod create;
mod record;

use crate::routes::map::RouteMap;

use record::CategoryBody;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(create::create_category).service(change::change_category);
}
