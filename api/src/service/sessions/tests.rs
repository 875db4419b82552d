//! Logins against the simulator and a database of their own.

use entity::{account, credential};
use futures::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::*;
use crate::auth::Caller;
use crate::error::ErrorCode;
use crate::service::stage::Stage;

const LOGIN: &str = "manager";
const PASSWORD: &str = "correct horse battery";

async fn refused(stage: &Stage, access_token: &str) -> ErrorCode {
    Caller::authenticate(&stage.app, access_token).await.unwrap_err().code()
}

/// A stage with somebody of staff, with or without a second factor.
async fn with_staff(second_factor: Option<&[u8]>) -> (Stage, AccountId) {
    let stage = Stage::set().await;
    let app = &stage.app;
    let id: AccountId = app.ids.next();
    accounts::insert(app.db.reader(), id, stage.now()).await.unwrap();
    let credential = credential::Model {
        account_id: id,
        login: LOGIN.to_owned(),
        password_hash: app.passwords.hash(&app.ids, PASSWORD.into()).await.unwrap(),
        totp_sealed: second_factor.map(|secret| app.sealer.seal(&app.ids, TOTP_CONTEXT, secret).unwrap()),
        failures: 0,
        retry_at: None,
        created_at: stage.now(),
    };
    credentials::insert(app.db.reader(), credential).await.unwrap();
    (stage, id)
}

async fn enter(stage: &Stage, password: &str, totp: Option<&str>) -> Result<Session, SessionError> {
    let login = Name::parse(LOGIN).unwrap();
    log_in_with_password(&stage.app, &login, password.into(), totp).await
}

#[tokio::test]
async fn who_comes_again_is_the_same_and_a_resident() {
    let stage = Stage::set().await;
    let (first, second) = (stage.log_in("demo-resident").await, stage.log_in("demo-resident").await);
    assert_eq!(first.account, second.account);
    let resident = Binding { role: Role::Resident, scope_id: first.account.id.0 };
    assert_eq!(first.account.roles, [resident]);
    assert_eq!(stage.caller(&second).await.account_id, first.account.id);
    assert_ne!(stage.log_in("demo-member").await.account.id, first.account.id);
}

#[tokio::test]
async fn parallel_first_logins_make_one_account() {
    let stage = Stage::set().await;
    let sessions = join_all((0..12).map(|_| stage.log_in("demo-resident"))).await;
    assert!(sessions.iter().all(|session| session.account == sessions[0].account));
    assert_eq!(account::Entity::find().count(stage.app.db.reader()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_and_the_roles_are_those_of_now() {
    let stage = Stage::set().await;
    let session = stage.log_in("demo-manager").await;
    let station = stage.app.ids.next();
    stage.give(session.account.id, Role::StationManager, station).await;
    stage.advance(TimeDelta::seconds(905));
    assert_eq!(refused(&stage, &session.access_token).await, ErrorCode::TokenExpired);

    let next = refresh(&stage.app, &session.refresh_token).await.unwrap();

    assert!(next.account.roles.contains(&Binding { role: Role::StationManager, scope_id: station }));
    assert_eq!(stage.caller(&next).await.account_id, session.account.id);
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_its_login_and_no_other() {
    let stage = Stage::set().await;
    let (stolen, other) = (stage.log_in("demo-resident").await, stage.log_in("demo-resident").await);
    let next = refresh(&stage.app, &stolen.refresh_token).await.unwrap();
    stage.caller(&next).await;

    let again = refresh(&stage.app, &stolen.refresh_token).await;

    assert!(matches!(again, Err(SessionError::RefreshTokenInvalid(_))));
    assert!(refresh(&stage.app, &next.refresh_token).await.is_err());
    assert_eq!(refused(&stage, &next.access_token).await, ErrorCode::Unauthenticated);
    stage.caller(&other).await;
    assert!(refresh(&stage.app, &other.refresh_token).await.is_ok());
}

#[tokio::test]
async fn of_parallel_exchanges_one_wins_and_the_login_ends() {
    let stage = Stage::set().await;
    let session = stage.log_in("demo-resident").await;
    let results = join_all((0..8).map(|_| refresh(&stage.app, &session.refresh_token))).await;
    let won: Vec<Session> = results.into_iter().filter_map(Result::ok).collect();
    assert_eq!(won.len(), 1);
    assert!(refresh(&stage.app, &won[0].refresh_token).await.is_err());
}

#[tokio::test]
async fn an_old_and_a_made_up_refresh_token_are_refused() {
    let stage = Stage::set().await;
    let session = stage.log_in("demo-resident").await;
    assert!(refresh(&stage.app, "made up").await.is_err());
    stage.advance(TimeDelta::days(30));
    assert!(refresh(&stage.app, &session.refresh_token).await.is_err());
}

#[tokio::test]
async fn logging_out_ends_the_login_at_once() {
    let stage = Stage::set().await;
    let session = stage.log_in("demo-resident").await;
    let caller = stage.caller(&session).await;
    log_out(&stage.app, caller.family_id).await.unwrap();
    assert_eq!(refused(&stage, &session.access_token).await, ErrorCode::Unauthenticated);
    assert!(refresh(&stage.app, &session.refresh_token).await.is_err());
}

#[tokio::test]
async fn staff_log_in_by_password_and_a_wrong_one_or_an_unknown_name_sounds_the_same() {
    let (stage, id) = with_staff(None).await;
    assert_eq!(enter(&stage, PASSWORD, None).await.unwrap().account.id, id);
    assert!(matches!(enter(&stage, "wrong", None).await, Err(SessionError::LoginFailed)));
    let unknown = Name::parse("nobody").unwrap();
    let result = log_in_with_password(&stage.app, &unknown, PASSWORD.into(), None).await;
    assert!(matches!(result, Err(SessionError::LoginFailed)));
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_waits_longer_and_longer() {
    let (stage, _) = with_staff(None).await;
    let wait = async |password: &'static str| match enter(&stage, password, None).await {
        Err(SessionError::LoginDelayed(wait)) => wait.num_seconds(),
        other => panic!("{other:?}"),
    };
    for _ in 0..5 {
        assert!(matches!(enter(&stage, "wrong", None).await, Err(SessionError::LoginFailed)));
    }
    assert_eq!(wait(PASSWORD).await, 2);
    stage.advance(TimeDelta::seconds(1));
    assert_eq!(wait("wrong").await, 1);
    stage.advance(TimeDelta::seconds(1));
    assert!(matches!(enter(&stage, "wrong", None).await, Err(SessionError::LoginFailed)));
    assert_eq!(wait(PASSWORD).await, 4);
    stage.advance(TimeDelta::seconds(4));
    assert!(enter(&stage, PASSWORD, None).await.is_ok());
    assert!(matches!(enter(&stage, "wrong", None).await, Err(SessionError::LoginFailed)));
    assert!(enter(&stage, PASSWORD, None).await.is_ok());
}

#[tokio::test]
async fn parallel_guesses_are_no_way_around_the_delay() {
    let (stage, _) = with_staff(None).await;
    let guesses = join_all((0..20).map(|_| enter(&stage, "wrong", None))).await;
    let looked_at = guesses.iter().filter(|guess| matches!(guess, Err(SessionError::LoginFailed))).count();
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn a_second_factor_is_needed_where_one_is_set_and_good_once() {
    // RFC 6238, appendix B: this secret at 2009-02-13T23:31:30Z.
    let (stage, _) = with_staff(Some(b"12345678901234567890")).await;
    let at = DateTime::from_timestamp(1_234_567_890, 0).unwrap();
    stage.rewind_to(at);
    assert!(enter(&stage, PASSWORD, None).await.is_err());
    assert!(enter(&stage, PASSWORD, Some("000000")).await.is_err());
    assert!(enter(&stage, "wrong", Some("005924")).await.is_err());
    assert!(enter(&stage, PASSWORD, Some("005924")).await.is_ok());
    assert!(matches!(enter(&stage, PASSWORD, Some("005924")).await, Err(SessionError::LoginFailed)));
}

#[tokio::test]
async fn a_disabled_account_gets_no_session_and_its_tokens_are_refused() {
    let stage = Stage::set().await;
    let session = stage.log_in("demo-resident").await;
    stage.disable(session.account.id).await;
    assert_eq!(refused(&stage, &session.access_token).await, ErrorCode::AccountDisabled);
    assert!(matches!(stage.try_log_in("demo-resident").await, Err(SessionError::AccountDisabled)));
    let refreshed = refresh(&stage.app, &session.refresh_token).await;
    assert!(matches!(refreshed, Err(SessionError::AccountDisabled)));
}
