//! `/departments`: who is asked for its part, as admins keep them.

mod change;
mod create;
mod record;

use utoipa_actix_web::service_config::ServiceConfig;

use record::DepartmentBody;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create::create_department).service(change::change_department);
}
