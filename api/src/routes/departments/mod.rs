//! `/departments`: who is asked for its part, as admins keep them.

mod change;
mod create;
mod record;

use crate::routes::map::RouteMap;

use record::DepartmentBody;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(create::create_department).service(change::change_department);
}
