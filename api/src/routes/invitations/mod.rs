//! `/invitations`: letting somebody into a role.

mod create;
mod problem;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create::create_invitation);
}
