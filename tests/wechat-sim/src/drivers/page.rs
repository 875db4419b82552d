//! The page for a person who tries the service out. It loads nothing from any other host.

use actix_web::HttpResponse;

/// `GET /__sim/`.
pub(super) async fn show() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(include_str!("page.html"))
}
