//! `/committees/{id}`: what its admins found and rename, its terms and rules, and the log of what they did. What belongs to a
//! committee is added in the folders of its own.

mod change;
mod create;
mod list;
mod list_audit;
mod list_figures;
mod routing_rules;
mod simulate_routing;
mod terms;

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::routes::map::RouteMap;
use crate::routes::{categories, code_batches, departments, members, sectors, staff, stations};
use crate::service::administration::AdministrationError;
use crate::service::authority::AuthorityError;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_committees).scope("/{id}", of_committee);
}

fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(create::create_committee)
        .service(change::change_committee)
        .service(terms::show_terms)
        .service(terms::change_terms)
        .service(routing_rules::show_routing_rules)
        .service(routing_rules::change_routing_rules)
        .service(simulate_routing::simulate_routing)
        .service(list_audit::list_audit_entries)
        .service(list_figures::list_committee_figures)
        .configure(stations::of_committee)
        .configure(members::of_committee)
        .configure(sectors::of_committee)
        .configure(categories::of_committee)
        .configure(departments::of_committee)
        .configure(staff::of_committee)
        .configure(code_batches::of_committee);
}

impl From<AdministrationError> for ApiError {
    fn from(error: AdministrationError) -> Self {
        match error {
            AdministrationError::Unknown => Self::new(ErrorCode::NotFound),
            AdministrationError::UnknownReference(pointer) => {
                Self::invalid(vec![FieldError::new(pointer, "unknown", "不存在，或不属于该委员会。")])
            }
            AdministrationError::NameTaken => {
                Self::new(ErrorCode::AlreadyExists).detail("这个名称已经存在。")
            }
            AdministrationError::WrongLevel => {
                Self::invalid(vec![FieldError::new("/level", "wrong_level", "应低于上级委员会的层级。")])
            }
            AdministrationError::HasOpenCases(open) => {
                Self::new(ErrorCode::HasOpenCases).with("open_cases", open)
            }
            AdministrationError::Key(error) => error.into(),
            AdministrationError::Unwritable(error) => Self::new(ErrorCode::Internal).source(error),
            AdministrationError::Store(error) => error.into(),
        }
    }
}

impl From<AuthorityError> for ApiError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Unknown => Self::new(ErrorCode::NotFound),
            AuthorityError::Store(error) => error.into(),
        }
    }
}
