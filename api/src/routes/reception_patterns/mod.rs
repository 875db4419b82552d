//! `/reception-patterns`: one pattern of reception days, ended or planned now.

mod end;
mod plan;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config.service(end::end_reception_pattern).service(plan::plan_reception_pattern);
}
