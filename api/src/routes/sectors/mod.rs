//! `/sectors`: the fields that members stand for, as admins keep them.

mod change;
mod create;
mod record;

use utoipa_actix_web::service_config::ServiceConfig;

use record::SectorBody;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create::create_sector).service(change::change_sector);
}
