//! Rate limits, one line a handler: who is counted by what for which kind of call.

use crate::auth::Caller;
use crate::error::ApiError;
use crate::limits::LimitKind;
use crate::routes::client_address::ClientAddress;
use crate::service::visitor::Visitor;
use crate::state::Parts;

/// A public page or card: by address alone, in this process.
///
/// # Errors
/// Too many.
pub fn read(state: &Parts, address: ClientAddress) -> Result<(), ApiError> {
    Ok(state.limiter.check_local(LimitKind::ReadByAddress, address)?)
}

/// A scan: by code, beside [`read`]. A made-up token is no key of its own: else a flood of them would
/// fill the limiter.
///
/// # Errors
/// Too many.
pub fn scan(state: &Parts, token: &qr::Token) -> Result<(), ApiError> {
    Ok(state.limiter.check_local(LimitKind::ScanByCode, token.as_ref())?)
}

/// A poster, which takes a core for a second unless it is kept.
///
/// # Errors
/// Too many.
pub fn draw(state: &Parts, address: ClientAddress) -> Result<(), ApiError> {
    Ok(state.limiter.check_local(LimitKind::DrawByAddress, address)?)
}

/// A call of somebody who is logged in.
///
/// # Errors
/// Too many.
pub fn account(state: &Parts, caller: &Caller) -> Result<(), ApiError> {
    Ok(state.limiter.check_local(LimitKind::UseByAccount, caller.account_id)?)
}

/// A call at one case: by account, and by ticket.
///
/// # Errors
/// Too many.
pub fn visit(state: &Parts, visitor: &Visitor) -> Result<(), ApiError> {
    if let Some(caller) = &visitor.caller {
        account(state, caller)?;
    }
    if let Some(ticket) = &visitor.ticket {
        state.limiter.check_local(LimitKind::UseByTicket, ticket.as_str())?;
    }
    Ok(())
}

/// A look-up by number, which somebody might try out: by address as well.
///
/// # Errors
/// Too many.
pub async fn tracking(state: &Parts, visitor: &Visitor, address: ClientAddress) -> Result<(), ApiError> {
    state.limiter.check(LimitKind::TrackingByAddress, address).await?;
    visit(state, visitor)
}

/// A new case: by account, by code and by address.
///
/// # Errors
/// Too many.
pub async fn intake(
    state: &Parts,
    caller: Option<&Caller>,
    address: ClientAddress,
    code: Option<&str>,
) -> Result<(), ApiError> {
    let token = code.and_then(|code| state.code_keys.read(code).ok());
    let mut keys = vec![(LimitKind::IntakeByAddress, address.into())];
    keys.extend(caller.map(|caller| (LimitKind::IntakeByAccount, caller.account_id.into())));
    keys.extend(token.as_ref().map(|token| (LimitKind::IntakeByCode, token.as_ref().into())));
    Ok(state.limiter.check_all(&keys).await?)
}

/// An upload: by address.
///
/// # Errors
/// Too many.
pub async fn upload(state: &Parts, address: ClientAddress) -> Result<(), ApiError> {
    Ok(state.limiter.check(LimitKind::UploadByAddress, address).await?)
}

/// A login: by address.
///
/// # Errors
/// Too many.
pub async fn login(state: &Parts, address: ClientAddress) -> Result<(), ApiError> {
    Ok(state.limiter.check(LimitKind::LoginByAddress, address).await?)
}
