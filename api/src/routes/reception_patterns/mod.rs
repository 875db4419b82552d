//! `/reception-patterns`: one pattern of reception days, ended or planned now.

mod end;
mod plan;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this folder.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(end::end_reception_pattern).service(plan::plan_reception_pattern);
}
