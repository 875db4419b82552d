//! `/members`: who they are, and the codes that point to them.

mod create_code;
mod list;
mod show;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list::list_members).service(show::show_member).service(create_code::create_member_code);
}
