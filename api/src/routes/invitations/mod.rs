//! `/invitations`: letting somebody into a role.

mod create;
mod problem;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(create::create_invitation);
}
