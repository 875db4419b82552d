//! The authenticated caller of a request.

use std::sync::Arc;

use domain::ids::{AccountId, TokenFamilyId};
use domain::role::{Binding, Role};
use uuid::Uuid;

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
}

/// The caller, if the request carries a token; a token that is no good still answers 401.
#[derive(Debug, Clone)]
pub struct MaybeCaller(pub Option<Caller>);
