//! `GET /stations`

use actix_web::{get, web};
use domain::geo::Point;
use domain::ids::CommitteeId;
use domain::vocabulary::StationKind;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{ApiError, FieldError};
use crate::routes::client_address::ClientAddress;
use crate::routes::directory::search_words;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::directory::{self, StationEntry};
use crate::state::AppState;
use crate::store::directory::stations::StationFilter;

problems!(Problems: ValidationFailed);

/// Which stations are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StationQuery {
    /// Words in the name or the address.
    q: Option<String>,
    /// `lat,lng` in degrees: sorts by distance from there.
    near: Option<String>,
    /// Of this committee and those below it.
    committee: Option<CommitteeId>,
    /// Of this kind.
    kind: Option<StationKind>,
}

/// Open stations, in the order in which they were made, or nearest first.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_stations",
    params(StationQuery, PageQuery),
    responses((status = 200, description = "A page of stations.", body = Page<StationEntry>), Problems)
)]
#[get("")]
pub async fn list_stations(
    state: web::Data<AppState>,
    address: ClientAddress,
    query: web::Query<StationQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<StationEntry>>, ApiError> {
    guard::read(&state, address)?;
    let limit = page.limit()?;
    let filter = StationFilter {
        words: search_words(query.q.as_deref())?,
        committees: query.committee.map(|id| vec![id]),
        kind: query.kind,
    };
    Ok(web::Json(match &query.near {
        None => {
            let items = directory::list_stations(&state, filter, page.cursor()?, limit + 1).await?;
            Page::from_rows(items, limit, |station| station.id)
        }
        Some(near) => {
            let place = read_place(near)?;
            let items =
                directory::list_stations_near(&state, filter, place, page.cursor()?, limit + 1).await?;
            Page::from_rows(items, limit, StationEntry::nearness)
        }
    }))
}

fn read_place(near: &str) -> Result<Point, ApiError> {
    near.parse().map_err(|error: domain::geo::GeoError| {
        let field = FieldError::new("near", "invalid", "位置应写成“纬度,经度”。");
        ApiError::invalid(vec![field]).source(error)
    })
}
