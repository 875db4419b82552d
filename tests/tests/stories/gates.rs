//! Nobody gets in without a good token: every protected route, as the service lists them itself.

use api::auth::Tokens;
use api::config::Config;
use domain::ids::{AccountId, TokenFamilyId};
use sea_orm::ConnectionTrait;
use serde_json::json;
use tests::{Access, Answer, App, Operation, Person, story};
use uuid::Uuid;

/// An id that nothing has.
const NOTHING: &str = "00000000-0000-7000-8000-00000000dead";

/// A way in that is none.
struct BadToken {
    why: &'static str,
    header: Option<String>,
    code: &'static str,
    /// Whose it was, to be looked up anew for every request.
    of: Option<(AccountId, TokenFamilyId)>,
}

fn bad(why: &'static str, header: impl Into<Option<String>>, code: &'static str) -> BadToken {
    BadToken { why, header: header.into(), code, of: None }
}

fn bearer(token: &str) -> Option<String> {
    Some(format!("Bearer {token}"))
}

/// All that must not open a door.
async fn bad_tokens(app: &App) -> Vec<BadToken> {
    let early = app.person("early").await;
    app.advance(chrono::TimeDelta::seconds(905));
    let (good, disabled) = (app.person("good").await, app.person("disabled").await);
    let (gone, erased) = (app.person("gone").await, app.person("erased").await);
    let disable =
        format!("UPDATE accounts SET state = 'disabled' WHERE id = {}", literal(app, disabled.account_id));
    app.db().execute_unprepared(&disable).await.unwrap();
    app.delete("/api/v1/sessions/current").bearer(&gone.token).await.expect_status(204);
    app.delete("/api/v1/me").bearer(&erased.token).await.expect_status(204);
    let (unsigned, _) = good.token.rsplit_once('.').unwrap();
    let (_, claims) = unsigned.split_once('.').unwrap();
    // {"alg":"none","kid":"test"}
    let no_algorithm = format!("eyJhbGciOiJub25lIiwia2lkIjoidGVzdCJ9.{claims}.");
    let of = |why, person: &Person, code| BadToken {
        of: Some(owner(app, person)),
        ..bad(why, bearer(&person.token), code)
    };
    vec![
        bad("nothing", None, "unauthenticated"),
        bad("an empty header", String::new(), "unauthenticated"),
        bad("garbage", bearer("garbage"), "unauthenticated"),
        bad("no scheme", good.token.clone(), "unauthenticated"),
        bad("another scheme", format!("Basic {}", good.token), "unauthenticated"),
        bad("no signature", bearer(&format!("{unsigned}.")), "unauthenticated"),
        bad("no algorithm", bearer(&no_algorithm), "unauthenticated"),
        bad("a wrong signature", bearer(&forged(app, &good)), "unauthenticated"),
        bad("a refresh token", bearer(&good.refresh_token), "unauthenticated"),
        bad("an expired token", bearer(&early.token), "token_expired"),
        of("a disabled account", &disabled, "account_disabled"),
        of("an erased account", &erased, "account_disabled"),
        of("an ended login", &gone, "unauthenticated"),
    ]
}

/// An id as SQL: PostgreSQL has a type for it, SQLite keeps its bytes.
fn literal(app: &App, id: Uuid) -> String {
    match app.db().get_database_backend() {
        sea_orm::DbBackend::Sqlite => format!("x'{}'", id.simple()),
        _ => format!("'{id}'"),
    }
}

/// Account and login of a genuine token.
fn owner(app: &App, person: &Person) -> (AccountId, TokenFamilyId) {
    let claims = app.state().tokens.verify(&person.token, app.now()).unwrap();
    (claims.account_id, claims.family_id)
}

/// The same claims, signed by somebody who knows everything but our key.
fn forged(app: &App, person: &Person) -> String {
    let mut auth = app.state().config.auth.clone();
    auth.keys[0].secret = "a signing key of somebody else, 32 bytes".into();
    let (account_id, family_id) = owner(app, person);
    Tokens::new(&auth).unwrap().issue(account_id, family_id, app.now()).unwrap()
}

async fn try_with(app: &App, operation: &Operation, bad: &BadToken, with_body: bool) -> Answer {
    if let Some((account_id, family_id)) = bad.of {
        // What is remembered must not decide which fault is found first.
        app.state().accounts.forget(account_id);
        app.state().accounts.forget_family(family_id);
    }
    let mut request = operation.request(app, NOTHING);
    if let Some(header) = &bad.header {
        request = request.header("authorization", header);
    }
    if with_body { request.json(&json!({})).await } else { request.await }
}

async fn expect_refused(app: &App, operation: &Operation, bad: &BadToken) {
    for with_body in [false, true] {
        let refused = try_with(app, operation, bad, with_body).await;
        let seen = (refused.status(), refused.json()["code"].clone());
        assert_eq!(seen, (401, json!(bad.code)), "{} with {}, body: {with_body}", operation.id, bad.why);
        refused.expect_problem(401, bad.code);
        assert_eq!(refused.header("www-authenticate"), "Bearer");
    }
}

story! {
    async fn every_protected_route_refuses_every_token_that_is_no_good(app: &App) {
        let bad_tokens = bad_tokens(app).await;
        let operations = app.operations().await;
        let protected: Vec<_> = operations.iter().filter(|it| it.access == Access::Protected).collect();
        assert!(protected.len() > 30, "the routes are listed");

        for operation in protected {
            for bad in &bad_tokens {
                expect_refused(app, operation, bad).await;
            }
        }
        assert_eq!(app.db_count("cases", None).await + app.db_count("codes", None).await, 0);
    }
}

story! {
    async fn where_a_token_may_be_left_out_a_bad_one_is_still_refused(app: &App) {
        let bad_tokens = bad_tokens(app).await;
        let operations = app.operations().await;
        let optional: Vec<_> = operations.iter().filter(|it| it.access == Access::Optional).collect();
        assert!(optional.len() >= 3, "the routes are listed");

        for operation in optional {
            for bad in bad_tokens.iter().filter(|bad| bad.header.is_some()) {
                expect_refused(app, operation, bad).await;
            }
        }
        assert_eq!(app.db_count("cases", None).await + app.db_count("uploads", None).await, 0);
    }
}

story! {
    async fn a_ticket_does_not_make_up_for_a_bad_token(app: &App) {
        let district = app.district().await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let ticket = receipt["case_ticket"].as_str().unwrap();
        let path = format!("/api/v1/cases/{}", receipt["id"].as_str().unwrap());

        app.get(&path).ticket(ticket).await.expect_status(200);
        app.get(&path).ticket(ticket).bearer("garbage").await.expect_problem(401, "unauthenticated");
        app.run_jobs().await;
    }
}

story! {
    async fn who_needs_no_token_may_come_with_an_old_one(app: &App) {
        let district = app.district().await;
        let person = app.person("resident").await;
        app.advance(chrono::TimeDelta::hours(1));

        let card = format!("/api/v1/codes/{}", district.code);
        app.get(&card).bearer(&person.token).await.expect_status(200);
        let refresh = json!({ "refresh_token": person.refresh_token });
        app.post("/api/v1/sessions/refresh").bearer(&person.token).json(&refresh).await.expect_status(201);
    }
}

#[test]
fn no_setting_turns_authentication_off() {
    for key in ["enabled = false", "disabled = true", "bypass = true", "required = false"] {
        let error = Config::from_toml(&[&format!("[auth]\n{key}")]).unwrap_err();
        assert!(error.to_string().contains("unknown field"), "{key}: {error}");
    }
}
