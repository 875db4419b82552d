//! `/me`: the caller's own account and inbox.

mod bind;
mod erase;
mod export;
mod list_messages;
mod problem;
mod read_message;
mod set_password;
mod show;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(show::show_me)
        .service(bind::bind_me)
        .service(set_password::set_password)
        .service(export::export_me)
        .service(erase::erase_me)
        .service(list_messages::list_messages)
        .service(read_message::read_message);
}
