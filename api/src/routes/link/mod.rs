//! `/c`: the page behind the printed link, and WeChat's verification files beside it; `/t`: the page behind
//! the link of a paper slip; `/m`: the pages of the mini-program for browsers.

pub mod html;
mod page;
mod show_page;
mod show_ticket_page;
mod show_verification;
mod show_web_page;

use actix_web::web;

/// The routes of this folder. The files come first: a token has no dot in it.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(show_verification::show_verification)
        .service(show_page::show_page)
        .service(show_ticket_page::show_ticket_page)
        .service(show_web_page::show_web_folder)
        .service(show_web_page::show_web_page);
}
