//! `/stations`: where they are, who is there when, and the codes that hang at them.

mod change;
mod create;
mod create_case;
mod create_code;
mod create_reception_pattern;
mod create_shift;
mod list;
mod list_codes;
mod list_reception_days;
mod list_reception_patterns;
mod list_roster;
mod record;
mod show;
mod show_figures;
mod show_scans;

use domain::text::{Name, Place};

use super::fields::Fields;
use crate::error::ApiError;
use crate::routes::held_contents;
use crate::routes::map::RouteMap;
use crate::routes::poster_reports;
use crate::service::codes::Placement;

/// The routes of this folder.
pub fn routes(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_stations).scope("/{id}", of_station);
}

fn of_station(routes: &mut RouteMap<'_, '_>) {
    routes
        .service(show::show_station)
        .service(show_figures::show_station_figures)
        .service(show_scans::show_station_scans)
        .service(list_roster::list_station_roster)
        .service(change::change_station)
        .service(create_code::create_station_code)
        .service(list_codes::list_station_codes)
        .service(create_shift::create_shift)
        .service(list_reception_days::list_reception_days)
        .service(create_reception_pattern::create_reception_pattern)
        .service(list_reception_patterns::list_reception_patterns)
        .service(create_case::create_station_case)
        .configure(held_contents::of_station)
        .configure(poster_reports::of_station);
}

/// The stations of a committee, below it.
pub fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes.service(create::create_station);
}

/// Reads where a new code will hang; all faults at once.
pub(super) fn read_placement(placed_at: Option<&str>, batch: Option<&str>) -> Result<Placement, ApiError> {
    let mut fields = Fields::default();
    let placed_at = fields.optional_text("/placed_at", placed_at, Place::parse);
    let batch = fields.optional_text("/batch", batch, Name::parse);
    fields.finish(Some(Placement { placed_at, batch }))
}
