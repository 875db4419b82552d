//! A session and an account as they are written to the caller.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use domain::role::{Binding, Role, ScopeKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::service::sessions::{Identity, Session};

/// Tokens, and who they are for.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBody {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// For `POST /sessions/refresh`, once.
    pub refresh_token: String,
    /// Seconds that the access token lives.
    pub expires_in: i64,
    /// Whose session it is.
    pub account: AccountBody,
}

/// An account and its roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountBody {
    /// The account.
    pub id: Uuid,
    /// All its roles; `resident` is always one of them.
    pub roles: Vec<RoleBody>,
}

/// One role in one scope.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleBody {
    /// The role.
    pub role: Role,
    /// What kind of thing it is for.
    pub scope_kind: ScopeKind,
    /// The id of that thing.
    pub scope_id: Uuid,
}

impl From<Binding> for RoleBody {
    fn from(Binding { role, scope_id }: Binding) -> Self {
        Self { role, scope_kind: role.scope_kind(), scope_id }
    }
}

impl From<Identity> for AccountBody {
    fn from(identity: Identity) -> Self {
        Self { id: identity.id.0, roles: identity.roles.into_iter().map(RoleBody::from).collect() }
    }
}

/// 201 with the session; nobody on the way may keep it.
pub(super) fn created(session: Session) -> HttpResponse {
    HttpResponse::Created().insert_header((CACHE_CONTROL, "no-store")).json(SessionBody {
        access_token: session.access_token,
        refresh_token: session.refresh_token,
        expires_in: session.expires_in.num_seconds(),
        account: session.account.into(),
    })
}
