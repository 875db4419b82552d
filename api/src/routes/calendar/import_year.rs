//! `POST /calendar`

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use domain::calendar::{ImportedDay, ImportedKind, YearTable};
use domain::text::{Name, Place};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{FIRST_YEAR, LAST_YEAR, row_fault};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::{IdempotencyKeyHeader, MaybeIdempotencyKey};
use crate::routes::problems::problems;
use crate::service::calendar::{self, ImportOutcome, YearImport};
use crate::state::AppState;

/// The most rows: every day of a year, and those of the months beside it that belong to its holidays.
const MOST_DAYS: usize = 428;

/// A year of the calendar, whole: it takes the place of the version before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YearBody {
    /// 2000 to 2100.
    year: i32,
    /// The notice: its title, number and date; at most 200 characters.
    source: String,
    /// The days that are not what their day of the week says: 1 to 428.
    days: Vec<DayRow>,
}

/// A day that is not what its day of the week says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayRow {
    /// A date of the year; New Year's holidays may reach into the months beside it.
    #[schema(value_type = String, format = Date)]
    day: String,
    /// `holiday`, or `workday` for a Saturday or Sunday that is worked.
    kind: String,
    /// What the holiday is called; at most 60 characters.
    name: Option<String>,
}

/// Whether it is only tried.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ImportQuery {
    /// Says what is wrong or what would change, and keeps nothing.
    dry_run: Option<bool>,
}

impl YearBody {
    /// The year, with every faulty row named.
    fn parse(self) -> Result<YearImport, ApiError> {
        let mut fields = Fields::default();
        fields.in_range("/year", Some(self.year), FIRST_YEAR..=LAST_YEAR);
        let source = fields.text("/source", &self.source, Place::parse);
        fields.at_most("/days", Some(&self.days), MOST_DAYS);
        if self.days.is_empty() {
            fields.wrong("/days", "required", "至少需要一天。");
        }
        let rows = self.days.iter().take(MOST_DAYS).enumerate();
        let days: Vec<ImportedDay> = rows.filter_map(|(at, row)| row.parse(at, &mut fields)).collect();
        // Rows that can be read are looked at as a whole even if others can't, so that all is said at once.
        if let Err(faults) = YearTable::import(self.year, String::new(), 1, &days) {
            for (row, fault) in faults {
                fields.push(row_fault(row, fault));
            }
        }
        let source = fields.finish(source)?;
        Ok(YearImport { year: self.year, source: source.into_string(), days })
    }
}

impl DayRow {
    fn parse(&self, row: usize, fields: &mut Fields) -> Option<ImportedDay> {
        let day = self.day.parse::<NaiveDate>().ok();
        if day.is_none() {
            fields.wrong(&format!("/days/{row}/day"), "invalid", "日期应写成 2027-01-01 的样子。");
        }
        let name_at = format!("/days/{row}/name");
        let kind = match self.kind.as_str() {
            "workday" => Some(ImportedKind::Workday),
            "holiday" => fields
                .text(&name_at, self.name.as_deref().unwrap_or_default(), Name::parse)
                .map(|name| ImportedKind::Holiday(name.into_string())),
            _ => {
                fields.wrong(&format!("/days/{row}/kind"), "invalid", "应为 holiday 或 workday。");
                None
            }
        };
        Some(ImportedDay { row, day: day?, kind: kind? })
    }
}

problems!(Problems: ValidationFailed, AlreadyExists, IdempotencyKeyReused);

/// Imports a year of the calendar. It holds at once; the deadlines of all open cases are counted again, and
/// what moved stands in the report of the import. For the admins of a committee that has none above it.
#[utoipa::path(
    tag = "administration",
    operation_id = "import_calendar",
    params(ImportQuery, IdempotencyKeyHeader),
    request_body = YearBody,
    responses(
        (status = 200, description = "What would change; nothing was kept.", body = ImportOutcome),
        (status = 201, description = "The import, and what it changes.", body = ImportOutcome),
        Problems
    ),
    security(("account" = []))
)]
#[post("")]
pub async fn import_calendar(
    state: web::Data<AppState>,
    caller: Caller,
    query: web::Query<ImportQuery>,
    key: MaybeIdempotencyKey,
    body: Body<YearBody>,
) -> Result<HttpResponse, ApiError> {
    guard::account(&state, &caller)?;
    calendar::check_importer(&state, &caller).await?;
    let request = key.request("calendar", Some(caller.account_id), &body.bytes);
    let year = body.value.parse()?;
    if query.dry_run == Some(true) {
        return Ok(HttpResponse::Ok().json(calendar::try_import(&state, &caller, year).await?));
    }
    Ok(HttpResponse::Created().json(calendar::import(&state, &caller, year, request.as_ref()).await?))
}
