//! Reads who is at a case from the request: an account, a case ticket, or both.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, dev};

use crate::auth::MaybeCaller;
use crate::error::{ApiError, ErrorCode};
use crate::service::visitor::{CaseTicket, Visitor};

/// The header that carries a case ticket.
const TICKET: &str = "x-case-ticket";
/// Longer than any ticket that was ever issued.
const MAX_TICKET_BYTES: usize = 128;

/// The ticket in the header, if there is one that could be.
pub struct OfferedTicket(pub Option<CaseTicket>);

impl OfferedTicket {
    fn of(request: &HttpRequest) -> Self {
        let header = request.headers().get(TICKET).and_then(|value| value.to_str().ok());
        Self(header.filter(|text| text.len() <= MAX_TICKET_BYTES).map(CaseTicket::new))
    }
}

impl FromRequest for OfferedTicket {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl FromRequest for Visitor {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let caller = MaybeCaller::from_request(request, payload);
        let OfferedTicket(ticket) = OfferedTicket::of(request);
        Box::pin(async move {
            let MaybeCaller(caller) = caller.await?;
            if caller.is_none() && ticket.is_none() {
                return Err(ApiError::new(ErrorCode::Unauthenticated));
            }
            Ok(Self { caller, ticket })
        })
    }
}
