//! `/held-contents`: words and pictures that wait for a person, shown or kept back.

mod allow;
mod list;
mod problem;
mod refuse;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(list::list_held_contents)
        .service(allow::allow_held_content)
        .service(refuse::refuse_held_content);
}
