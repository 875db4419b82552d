//! `GET /me`

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::routes::guard;
use crate::routes::sessions::RoleBody;
use crate::service::accounts::{self, Profile};
use crate::state::AppState;

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileBody {
    /// The account.
    pub id: Uuid,
    /// What to call the person.
    pub display_name: Option<String>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// The number for text messages with its middle hidden, where one was given.
    pub phone: Option<String>,
    /// All its roles; `resident` is always one of them.
    pub roles: Vec<NamedRole>,
}

/// One role, with the name of what it is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedRole {
    /// The role.
    #[serde(flatten)]
    pub role: RoleBody,
    /// The name of the member, station, department or committee.
    pub scope_name: Option<String>,
}

impl From<Profile> for ProfileBody {
    fn from(profile: Profile) -> Self {
        let roles = profile.roles.into_iter();
        Self {
            id: profile.id.0,
            display_name: profile.display_name,
            created_at: profile.created_at,
            phone: profile.phone.map(|phone| phone.masked()),
            roles: roles
                .map(|(binding, scope_name)| NamedRole { role: binding.into(), scope_name })
                .collect(),
        }
    }
}

/// Who the caller is.
#[utoipa::path(
    tag = "me",
    operation_id = "show_me",
    security(("account" = [])),
    responses((status = 200, description = "The caller's account.", body = ProfileBody))
)]
#[get("")]
pub async fn show_me(app: web::Data<AppState>, caller: Caller) -> Result<HttpResponse, ApiError> {
    guard::account(&app, &caller)?;
    let profile = accounts::show(&app, caller.account_id).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(ProfileBody::from(profile)))
}
