//! `POST /cases`: takes a case in.

use actix_web::{HttpResponse, post, web};
use domain::geo::Point;
use domain::ids::{CategoryId, MemberId, StationId, UploadId};
use domain::text::{CaseText, Name, Phone, Place};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::MaybeCaller;
use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::client_address::ClientAddress;
use crate::routes::fields::Fields;
use crate::routes::guard;
use crate::routes::idempotency_key::IdempotencyKey;
use crate::routes::problems::problems;
use crate::service::idempotency;
use crate::service::intake::{self, NewReport, Reporter};
use crate::service::receipt::Receipt;
use crate::service::uploads::MAX_PER_EVENT;
use crate::state::AppState;

/// A resident's report. Only `text` and one of `code` and `station_id` are needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// The token of the scanned code.
    code: Option<String>,
    /// The chosen station.
    station_id: Option<StationId>,
    /// The chosen member.
    member_id: Option<MemberId>,
    /// The chosen category.
    category: Option<CategoryId>,
    /// What is the matter, up to 2,000 characters.
    text: String,
    /// Where it is.
    location: Option<ReportLocation>,
    /// Pictures that were uploaded before, up to 9.
    #[serde(default)]
    uploads: Vec<UploadId>,
    /// Who reports.
    contact: Option<ReportContact>,
    /// Whether handlers must not see who reports.
    #[serde(default)]
    anonymous: bool,
    /// The person for whom somebody else reports.
    on_behalf_of: Option<String>,
}

/// Where the matter is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportLocation {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lng: f64,
    /// What the place is called.
    name: Option<String>,
    /// Its address.
    address: Option<String>,
}

/// Who reports.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportContact {
    /// The name.
    name: Option<String>,
    /// The phone number.
    phone: Option<String>,
}

/// What somebody tells at the counter of a station.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterReport {
    /// The chosen member.
    member_id: Option<MemberId>,
    /// The chosen category.
    category: Option<CategoryId>,
    /// What is the matter, up to 2,000 characters.
    text: String,
    /// Where it is.
    location: Option<ReportLocation>,
    /// Pictures that were uploaded before, up to 9.
    #[serde(default)]
    uploads: Vec<UploadId>,
    /// Who reports.
    contact: Option<ReportContact>,
    /// Whether handlers must not see who reports.
    #[serde(default)]
    anonymous: bool,
    /// The person whose matter it is, when somebody else tells it.
    on_behalf_of: Option<String>,
}

problems!(CreateCaseProblems: IdempotencyKeyRequired, IdempotencyKeyReused, CodeNotFound, CodeRevoked, NoStation,
    UploadUnknown);

/// Takes a case in: routes it, starts its clock, and answers with its number and ticket.
///
/// The account is optional: without one the ticket is the only key to the case.
#[utoipa::path(
    tag = "cases", operation_id = "create_case", request_body = ReportBody,
    params(("Idempotency-Key" = String, Header, description = "Unique to this report; repeat it with the same body.")),
    responses((status = 201, body = Receipt), CreateCaseProblems),
    security((), ("account" = []))
)]
#[post("")]
pub async fn create_case(
    state: web::Data<AppState>,
    MaybeCaller(caller): MaybeCaller,
    address: ClientAddress,
    key: IdempotencyKey,
    body: Body<ReportBody>,
) -> Result<HttpResponse, ApiError> {
    let report = body.value.parse()?;
    guard::intake(&state, caller.as_ref(), address, report.code.as_deref()).await?;
    let account_id = caller.as_ref().map(|caller| caller.account_id);
    let request = idempotency::Request::new("cases", account_id, key.0, &body.bytes);
    Ok(intake::take_in(&state, Reporter::Resident(caller.as_ref()), &report, &request).await?.into())
}

impl ReportBody {
    /// What was told at the counter of a station.
    pub(in crate::routes) fn at_counter(station_id: StationId, report: CounterReport) -> Self {
        Self {
            code: None,
            station_id: Some(station_id),
            member_id: report.member_id,
            category: report.category,
            text: report.text,
            location: report.location,
            uploads: report.uploads,
            contact: report.contact,
            anonymous: report.anonymous,
            on_behalf_of: report.on_behalf_of,
        }
    }

    /// The report with every field checked.
    pub(in crate::routes) fn parse(self) -> Result<NewReport, ApiError> {
        let mut fields = Fields::default();
        let text = fields.text("/text", &self.text, CaseText::parse);
        let location = self.location;
        let point = location.as_ref().and_then(|location| {
            let point = Point::new(location.lat, location.lng);
            point.map_err(|_| fields.wrong("/location", "out_of_range", "经纬度不正确。")).ok()
        });
        let (name, address) = location.map(|location| (location.name, location.address)).unwrap_or_default();
        let place_name = fields.optional_text("/location/name", name.as_deref(), Name::parse);
        let place_address = fields.optional_text("/location/address", address.as_deref(), Place::parse);
        let (name, phone) = self.contact.map(|contact| (contact.name, contact.phone)).unwrap_or_default();
        let contact_name = fields.optional_text("/contact/name", name.as_deref(), Name::parse);
        let contact_phone = phone.filter(|phone| !phone.trim().is_empty()).and_then(|phone| {
            let parsed = Phone::parse(&phone);
            if parsed.is_none() {
                fields.wrong("/contact/phone", "invalid", "电话号码不正确。");
            }
            parsed
        });
        let on_behalf_of = fields.optional_text("/on_behalf_of", self.on_behalf_of.as_deref(), Name::parse);
        if self.uploads.len() > MAX_PER_EVENT {
            fields.wrong("/uploads", "too_many", format!("最多添加{MAX_PER_EVENT}张图片。"));
        }
        let report = text.map(|text| NewReport {
            code: self.code.filter(|code| !code.trim().is_empty()),
            station_id: self.station_id,
            member_id: self.member_id,
            category_id: self.category,
            text,
            point,
            place_name,
            place_address,
            uploads: self.uploads,
            contact_name,
            contact_phone,
            anonymous: self.anonymous,
            on_behalf_of,
        });
        fields.finish(report)
    }
}
