//! `/categories`: what cases are about, as admins keep them.

mod change;
mod create;
mod record;

use utoipa_actix_web::service_config::ServiceConfig;

use record::CategoryBody;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create::create_category).service(change::change_category);
}
