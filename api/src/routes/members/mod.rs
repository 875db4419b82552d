//! `/members`: who they are, the codes that point to them, and how admins keep them.

mod change;
mod create;
mod create_code;
mod hand_over;
mod list;
mod record;
mod show;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_members)
        .service(show::show_member)
        .service(create::create_member)
        .service(change::change_member)
        .service(hand_over::hand_over_member)
        .service(create_code::create_member_code);
}
