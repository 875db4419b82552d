//! `GET /members`

use actix_web::{get, web};
use domain::ids::{CategoryId, SectorId, StationId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::routes::client_address::ClientAddress;
use crate::routes::directory::search_words;
use crate::routes::guard;
use crate::routes::page::{Page, PageQuery};
use crate::routes::problems::problems;
use crate::service::directory::{self, MemberEntry};
use crate::state::AppState;
use crate::store::directory::members::MemberFilter;

problems!(Problems: ValidationFailed);

/// Which members are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// Who serve this station.
    station: Option<StationId>,
    /// Who stand for this sector.
    sector: Option<SectorId>,
    /// Who know this category well.
    category: Option<CategoryId>,
    /// Part of the name, or the beginning of its pinyin or of its initials.
    q: Option<String>,
}

/// Members in office, by the pinyin of their names.
#[utoipa::path(
    tag = "directory",
    operation_id = "list_members",
    params(MemberQuery, PageQuery),
    responses((status = 200, description = "A page of members.", body = Page<MemberEntry>), Problems)
)]
#[get("")]
pub async fn list_members(
    state: web::Data<AppState>,
    address: ClientAddress,
    query: web::Query<MemberQuery>,
    page: web::Query<PageQuery>,
) -> Result<web::Json<Page<MemberEntry>>, ApiError> {
    guard::read(&state, address)?;
    let limit = page.limit()?;
    let filter = MemberFilter {
        station_id: query.station,
        sector_id: query.sector,
        category_id: query.category,
        words: search_words(query.q.as_deref())?,
    };
    let items = directory::list_members(&state, &filter, page.cursor()?, limit + 1).await?;
    Ok(web::Json(Page::from_rows(items, limit, |member| (member.name_pinyin.clone(), member.id))))
}
