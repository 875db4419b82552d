//! Pictures: sent here first, then named in a case.

mod create;
mod errors;
mod file_part;
mod show;
#[cfg(test)]
mod tests;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(create::create_upload).service(show::show_upload);
}
