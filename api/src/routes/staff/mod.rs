//! Who works in a committee: `/committees/{id}/staff`, `/role-bindings/{id}`, `/accounts/{id}/state`.

mod list;
mod revoke_role;
mod set_account_state;

use crate::error::{ApiError, ErrorCode};
use crate::routes::map::RouteMap;
use crate::service::staff::StaffError;

/// The routes of this folder.
pub fn of_committee(routes: &mut RouteMap<'_, '_>) {
    routes.service(list::list_staff);
}

/// `/role-bindings`: a role by its id.
pub fn role_bindings(routes: &mut RouteMap<'_, '_>) {
    routes.service(revoke_role::revoke_role);
}

/// `/accounts`: an account by its id.
pub fn accounts(routes: &mut RouteMap<'_, '_>) {
    routes.service(set_account_state::set_account_state);
}

impl From<StaffError> for ApiError {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Unknown => Self::new(ErrorCode::NotFound),
            StaffError::Own => {
                Self::new(ErrorCode::NotAllowed).detail("不能停用自己的账号，也不能收回自己的管理员角色。")
            }
            StaffError::Store(error) => error.into(),
        }
    }
}
