//! `/sessions`: logging in, staying logged in, logging out.

mod by_password;
mod by_wechat;
mod end;
mod problem;
mod refresh;
#[cfg(test)]
mod tests;
mod view;

use crate::routes::map::RouteMap;

pub use view::{AccountBody, RoleBody};

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(by_wechat::log_in_with_wechat)
        .service(by_password::log_in_with_password)
        .service(refresh::refresh_session)
        .service(end::end_session);
}
