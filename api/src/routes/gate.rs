//! The gate in front of the routes: whoever brings a token to an operation that reads tokens has it
//! checked before anything else of the request.
//!
//! Readers of headers and bodies refuse as soon as they see a fault, while an account has to be looked
//! up first: without the gate a disabled account would learn what is wrong with its body. Which
//! operations read tokens is what the OpenAPI document says. The extractors in [`crate::auth`] find the
//! caller that the gate has let in; they refuse whoever comes without a token.

use std::collections::HashSet;
use std::sync::LazyLock;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpResponse};

use crate::auth::MaybeCaller;
use crate::routes::openapi;

/// Method and pattern of every operation with a security requirement, also an optional one.
static READ_TOKENS: LazyLock<HashSet<(Method, String)>> = LazyLock::new(|| {
    openapi::operations()
        .into_iter()
        .filter(|(_, _, operation)| operation.security.is_some())
        .map(|(method, path, _)| (method, path))
        .collect()
});

/// Lets a request in, or refuses its token.
///
/// # Errors
/// What lies behind the gate failed.
pub async fn check<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if request.headers().contains_key(AUTHORIZATION) && reads_tokens(&request) {
        let checked = MaybeCaller::from_request(request.request(), &mut Payload::None).await;
        match checked {
            Ok(MaybeCaller(Some(caller))) => drop(request.extensions_mut().insert(caller)),
            Ok(MaybeCaller(None)) => {}
            Err(refused) => {
                let response = HttpResponse::from_error(refused);
                return Ok(request.into_response(response).map_into_right_body());
            }
        }
    }
    Ok(next.call(request).await?.map_into_left_body())
}

fn reads_tokens(request: &ServiceRequest) -> bool {
    let pattern = request.match_pattern();
    pattern.is_some_and(|pattern| READ_TOKENS.contains(&(request.method().clone(), pattern)))
}
