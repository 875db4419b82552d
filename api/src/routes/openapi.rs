//! The OpenAPI document: collected from the routes, completed with what all operations share.

use std::sync::OnceLock;

use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, get};
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, Paths, RefOr};
use utoipa_actix_web::{AppExt, scope};

use crate::error::{ApiError, ErrorCode, FieldError, Problem};
use crate::media::Rendition;
use crate::routes::map::RouteMap;
use crate::routes::problems;

/// What the document says of the service as a whole.
#[derive(OpenApi)]
#[openapi(
    info(title = "委员码上见", description = "扫码、反映、办理、答复、确认：件件有回应。"),
    components(schemas(Problem<'static>, FieldError, Rendition))
)]
struct Service;

/// Where the versioned API lies.
pub const PREFIX: &str = "/api/v1";

/// The document, built anew: several MiB, for a command or a test to look into.
#[must_use]
pub fn openapi() -> Document {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Service::openapi())
        .service(scope::scope(PREFIX).configure(|config| super::v1(&mut RouteMap::describing(config))))
        .split_for_parts();
    if let Some(components) = document.components.as_mut() {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("account", SecurityScheme::Http(bearer));
        let ticket = ApiKeyValue::with_description("X-Case-Ticket", "The secret of one case.");
        components.add_security_scheme("ticket", SecurityScheme::ApiKey(ApiKey::Header(ticket)));
    }
    for (path, item) in &mut document.paths.paths {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            complete(path, operation);
        }
    }
    document
}

/// Every operation with its method and the pattern of its path, without schemas and common errors.
#[must_use]
pub fn operations() -> Vec<(Method, String, Operation)> {
    let mut paths = Paths::new();
    super::v1(&mut RouteMap::naming(&mut paths));
    let operations = paths.paths.into_iter().flat_map(|(path, item)| {
        let all = [
            (Method::GET, item.get),
            (Method::POST, item.post),
            (Method::PUT, item.put),
            (Method::PATCH, item.patch),
            (Method::DELETE, item.delete),
        ];
        let path = format!("{PREFIX}{path}");
        all.into_iter().filter_map(move |(method, operation)| Some((method, path.clone(), operation?)))
    });
    operations.collect()
}

/// Adds the errors that follow from what an operation is: protected, with a body, by id.
fn complete(path: &str, operation: &mut Operation) {
    let mut codes =
        vec![ErrorCode::RequestTimeout, ErrorCode::RateLimited, ErrorCode::Internal, ErrorCode::Unavailable];
    if operation.security.is_some() {
        codes.extend([ErrorCode::Unauthenticated, ErrorCode::TokenExpired, ErrorCode::AccountDisabled]);
    }
    if operation.request_body.is_some() {
        codes.extend([
            ErrorCode::BadJson,
            ErrorCode::BodyTooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::ValidationFailed,
        ]);
    }
    if operation.parameters.is_some() {
        codes.push(ErrorCode::BadRequest);
    }
    if path.contains('{') {
        codes.push(ErrorCode::NotFound);
    }
    for (status, common) in problems::responses(&codes) {
        match operation.responses.responses.get_mut(&status) {
            Some(RefOr::T(own)) => {
                if let RefOr::T(common) = common {
                    own.description = format!("{}, {}", own.description, common.description);
                }
            }
            Some(RefOr::Ref(_)) => {}
            None => {
                operation.responses.responses.insert(status, common);
            }
        }
    }
}

/// The OpenAPI 3.1 document of this service.
#[utoipa::path(tag = "meta", operation_id = "show_openapi", responses((status = 200, description = "The document.")))]
#[get("/openapi.json")]
pub async fn show_openapi() -> Result<HttpResponse, ApiError> {
    static WRITTEN: OnceLock<Bytes> = OnceLock::new();
    let written = match WRITTEN.get() {
        Some(written) => written.clone(),
        None => {
            let written = serde_json::to_vec(&openapi())
                .map_err(|error| ApiError::new(ErrorCode::Internal).source(error))?;
            WRITTEN.get_or_init(|| written.into()).clone()
        }
    };
    Ok(HttpResponse::Ok().content_type("application/json").body(written))
}
