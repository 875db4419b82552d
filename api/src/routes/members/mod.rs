//! `/members`: who they are, the codes that point to them, when they are away, and how admins keep them.

mod change;
mod create;
mod create_absence;
mod create_code;
mod delete_absence;
mod import;
mod import_template;
mod list;
mod list_absences;
mod reassign_cases;
mod record;
mod show;
mod show_figures;
mod workbook_body;

use crate::routes::map::RouteMap;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_members).scope("/{id}", of_member);
}

fn of_member(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(show::show_member)
        .service(show_figures::show_member_figures)
        .service(change::change_member)
        .service(reassign_cases::reassign_member_cases)
        .service(create_code::create_member_code)
        .service(create_absence::create_absence)
        .service(list_absences::list_absences);
}

/// The members of a committee, below it.
pub fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(create::create_member)
        .service(import_template::show_import_template)
        .service(import::import_members);
}

/// `/absences`: a leave by its id.
pub fn absences(routes: &mut RouteMap<'_, '_>) {
    routes.service(delete_absence::delete_absence);
}
