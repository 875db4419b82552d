//! Who works in a committee: `/committees/{id}/staff`, `/role-bindings/{id}`, `/accounts/{id}/state`.

mod list;
mod revoke_role;
mod set_account_state;

use crate::routes::map::RouteMap;

use crate::error::{ApiError, ErrorCode};
use crate::service::staff::StaffError;

/// The routes of this folder.
pub fn routes(config: &mut RouteMap<'_, '_>) {
    config
        .service(list::list_staff)
        .service(revoke_role::revoke_role)
        .service(set_account_state::set_account_state);
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
