//! What every action on a case is called with: by whom, on which case, the version seen, a key, a body.

use std::future::Future;
use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev, web};
use domain::case::Command;
use domain::ids::CaseId;
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::routes::body::Body;
use crate::routes::cases::show_case::with_etag;
use crate::routes::guard;
use crate::routes::idempotency_key::MaybeIdempotencyKey;
use crate::routes::if_match::IfMatch;
use crate::service::casework::{self, Order};
use crate::service::idempotency;
use crate::service::visitor::Visitor;
use crate::state::AppState;

/// An action without its inputs.
pub struct ActionCall {
    /// Who calls.
    pub visitor: Visitor,
    /// The case.
    pub id: CaseId,
    /// The version seen.
    pub seen: IfMatch,
    /// What makes a repetition harmless.
    pub request: Option<idempotency::Request>,
}

/// An action with its inputs.
pub struct ActionCallWith<B> {
    /// The action.
    pub call: ActionCall,
    /// Its inputs, of the right types; what they hold is not checked yet.
    pub body: B,
}

impl ActionCall {
    async fn read(
        visitor: impl Future<Output = Result<Visitor, ApiError>>,
        id: impl Future<Output = Result<web::Path<CaseId>, actix_web::Error>>,
        request: &HttpRequest,
        body: &[u8],
    ) -> Result<Self, actix_web::Error> {
        let visitor = visitor.await?;
        let id = id.await?.into_inner();
        let seen = IfMatch::extract(request).await?;
        let key = MaybeIdempotencyKey::extract(request).await?;
        // The path names the case and the action: a key is for one of them.
        let content = [request.path().as_bytes(), b"\n", body].concat();
        let request = key.request("actions", visitor.owner(), &content);
        Ok(Self { visitor, id, seen, request })
    }

    /// Does it, and answers with the case.
    ///
    /// # Errors
    /// What `casework::act` refuses; too many calls.
    pub async fn act(self, state: &AppState, command: Command) -> Result<HttpResponse, ApiError> {
        guard::visit(state, &self.visitor)?;
        let order = Order { command, seen_version: self.seen.0, request: self.request };
        Ok(with_etag(&casework::act(state, &self.visitor, self.id, order).await?))
    }
}

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, actix_web::Error>>>>;

impl FromRequest for ActionCall {
    type Error = actix_web::Error;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let visitor = Visitor::from_request(request, payload);
        let id = web::Path::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move { Self::read(visitor, id, &request, b"").await })
    }
}

impl<B: DeserializeOwned + 'static> FromRequest for ActionCallWith<B> {
    type Error = actix_web::Error;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let visitor = Visitor::from_request(request, payload);
        let id = web::Path::from_request(request, payload);
        let body = Body::<B>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            // Who may not be here is told so before the body is looked at.
            let visitor = visitor.await?;
            let Body { value, bytes } = body.await?;
            let call = ActionCall::read(async { Ok(visitor) }, id, &request, &bytes).await?;
            Ok(Self { call, body: value })
        })
    }
}
