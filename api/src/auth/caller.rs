//! The authenticated caller of a request.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use domain::ids::{AccountId, TokenFamilyId};
use domain::role::{Binding, Role};
use domain::vocabulary::AccountState;
use uuid::Uuid;

use super::{Claims, TokenError};
use crate::error::{ApiError, ErrorCode};
use crate::state::AppState;

/// An account whose access token has been checked, and which is active.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account.
    pub account_id: AccountId,
    /// The login that the token descends from.
    pub family_id: TokenFamilyId,
    /// The roles that hold now.
    pub bindings: Arc<[Binding]>,
}

impl Caller {
    /// The scopes in which the caller has this role.
    pub fn scopes(&self, role: Role) -> impl Iterator<Item = Uuid> {
        self.bindings.iter().filter(move |binding| binding.role == role).map(|binding| binding.scope_id)
    }

    /// The caller behind a token.
    ///
    /// # Errors
    /// `unauthenticated`, `token_expired`, `account_disabled`, or the database does not answer.
    pub async fn authenticate(app: &AppState, token: &str) -> Result<Self, ApiError> {
        let claims = app.tokens.verify(token, app.clock.now()).map_err(|error| {
            let code = match error {
                TokenError::Expired => ErrorCode::TokenExpired,
                _ => ErrorCode::Unauthenticated,
            };
            ApiError::new(code).source(error)
        })?;
        let account = app.accounts.find(&app.db, claims.account_id).await?;
        let account = account.ok_or_else(|| unauthenticated("the account does not exist"))?;
        if account.state != AccountState::Active {
            return Err(ApiError::new(ErrorCode::AccountDisabled));
        }
        if !app.accounts.is_live(&app.db, claims.family_id).await? {
            return Err(unauthenticated("the login has been ended"));
        }
        let Claims { account_id, family_id, .. } = claims;
        Ok(Self { account_id, family_id, bindings: account.bindings })
    }
}

/// The caller, if the request carries a token; a token that is no good still answers 401.
#[derive(Debug, Clone)]
pub struct MaybeCaller(pub Option<Caller>);

fn unauthenticated(why: &'static str) -> ApiError {
    ApiError::new(ErrorCode::Unauthenticated).source(why)
}

/// The token of the one `Authorization` header, if there is one. No other place is looked at: a
/// token in a URL ends up in logs.
fn bearer_token(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(unauthenticated("two Authorization headers"));
    }
    let header = header.to_str().map_err(|_| unauthenticated("an unreadable Authorization header"))?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim().to_owned())),
        _ => Err(unauthenticated("another scheme than Bearer")),
    }
}

type Checked<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

fn check(request: &HttpRequest) -> Checked<Option<Caller>> {
    // Already checked at the gate.
    if let Some(known) = request.extensions().get::<Caller>().cloned() {
        return Box::pin(std::future::ready(Ok(Some(known))));
    }
    let app: Option<web::Data<AppState>> = request.app_data().cloned();
    let token = bearer_token(request);
    Box::pin(async move {
        let Some(token) = token? else { return Ok(None) };
        let app = app.ok_or_else(|| ApiError::new(ErrorCode::Internal).source("the app has no state"))?;
        Caller::authenticate(&app, &token).await.map(Some)
    })
}

impl FromRequest for MaybeCaller {
    type Error = ApiError;
    type Future = Checked<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = check(request);
        Box::pin(async move { checked.await.map(Self) })
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Checked<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = check(request);
        Box::pin(async move { checked.await?.ok_or_else(|| unauthenticated("no token")) })
    }
}
