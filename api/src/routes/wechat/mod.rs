//! What WeChat's servers call: the message push, and the pictures that they check.

mod callback;
mod show_picture;

use actix_web::web;

/// The routes of this folder.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(callback::verify_push).service(callback::receive_push).service(show_picture::show_picture);
}
