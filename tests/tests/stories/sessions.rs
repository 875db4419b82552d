//! Logging in, staying logged in, being somebody, and logging out.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::role::Role;
use entity::credential;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, App, Person, story};
use wechat_sim::{Fault, FaultKind, UserSpec};

const PASSWORD: &str = "a password of the stories";

async fn refresh(app: &App, token: &str) -> Answer {
    app.post("/api/v1/sessions/refresh").json(&json!({ "refresh_token": token })).await
}

async fn enter(app: &App, login: &str, password: &str) -> Answer {
    app.post("/api/v1/sessions/password").json(&json!({ "login": login, "password": password })).await
}

async fn give_password(app: &App, person: &Person, login: &str) {
    let state = app.state();
    let row = credential::Model {
        account_id: person.account_id.into(),
        login: login.to_owned(),
        password_hash: state.passwords.hash(&state.ids, PASSWORD.into()).await.unwrap(),
        totp_sealed: None,
        failures: 0,
        retry_at: None,
        created_at: app.now(),
    };
    app.keep(row).await;
}

async fn invite(app: &App, by: &Person, role: &str, scope_id: uuid::Uuid) -> Value {
    let body = json!({ "role": role, "scope_id": scope_id });
    let made = app.post("/api/v1/invitations").bearer(&by.token).json(&body).await;
    made.expect_status(201)["code"].clone()
}

story! {
    async fn who_comes_by_wechat_is_a_resident_and_the_same_the_next_time(app: &App) {
        let first = app.person("resident").await;
        let again = app.person("resident").await;
        assert_eq!(first.account_id, again.account_id);
        let me = app.get("/api/v1/me").bearer(&first.token).await.expect_status(200);
        let own = json!(first.account_id);
        assert_eq!(me["roles"], json!([
            { "role": "resident", "scope_kind": "account", "scope_id": own, "scope_name": null },
        ]));
        assert_eq!(app.db_count("accounts", None).await, 1);
    }
}

story! {
    async fn a_wechat_code_is_good_for_one_login_for_five_minutes_and_for_this_program(app: &App) {
        let _ = app.wechat().put_user(UserSpec { user: "resident".to_owned(), ..UserSpec::default() });
        let enter = async |code: &str| {
            app.post("/api/v1/sessions/wechat").json(&json!({ "js_code": code })).await
        };
        let code = app.wechat().login("resident").unwrap();
        let first = Person::of(&enter(&code).await.expect_status(201));
        // On a bad network the phone asks again with the same code, and is the same person.
        let again = Person::of(&enter(&code).await.expect_status(201));
        assert_eq!(first.account_id, again.account_id);
        let old = app.wechat().login("resident").unwrap();
        app.advance(TimeDelta::minutes(6));
        enter(&old).await.expect_problem(401, "wechat_code_invalid");
        let foreign = app.wechat().login_elsewhere("resident", "wx9999999999999999").unwrap();
        enter(&foreign).await.expect_problem(401, "wechat_code_invalid");
        enter("made up").await.expect_problem(422, "validation_failed");
        enter("0123456789abcdef0123456789abcdef").await.expect_problem(401, "wechat_code_invalid");
    }
}

story! {
    async fn when_wechat_is_silent_the_answer_says_so_and_the_next_login_works(app: &App) {
        app.person("resident").await;
        app.wechat().order(Fault::once("/sns/jscode2session", FaultKind::Garbage)).unwrap();
        let code = app.wechat().login("resident").unwrap();
        let refused = app.post("/api/v1/sessions/wechat").json(&json!({ "js_code": code })).await;
        refused.expect_problem(503, "wechat_unavailable");
        app.person("resident").await;
        let errors = app.take_errors();
        assert!(errors.iter().all(|error| error.contains("wechat_unavailable")), "{errors:?}");
    }
}

story! {
    async fn a_refresh_token_is_exchanged_once_and_coming_again_ends_the_login(app: &App) {
        let person = app.person("resident").await;
        let other = app.person("resident").await;
        let next = Person::of(&refresh(app, &person.refresh_token).await.expect_status(201));
        app.get("/api/v1/me").bearer(&next.token).await.expect_status(200);

        refresh(app, &person.refresh_token).await.expect_problem(401, "refresh_token_invalid");

        refresh(app, &next.refresh_token).await.expect_problem(401, "refresh_token_invalid");
        for token in [&person.token, &next.token] {
            app.get("/api/v1/me").bearer(token).await.expect_problem(401, "unauthenticated");
        }
        app.get("/api/v1/me").bearer(&other.token).await.expect_status(200);
        refresh(app, &other.refresh_token).await.expect_status(201);
    }
}

story! {
    async fn of_twenty_exchanges_at_once_exactly_one_wins_and_the_login_ends(app: &App) {
        let person = app.person("resident").await;

        let answers = join_all((0..20).map(|_| refresh(app, &person.refresh_token))).await;

        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status() == 201);
        assert_eq!((won.len(), lost.len()), (1, 19));
        lost.iter().for_each(|answer| drop(answer.expect_problem(401, "refresh_token_invalid")));
        let winner = Person::of(&won[0].json());
        app.get("/api/v1/me").bearer(&winner.token).await.expect_problem(401, "unauthenticated");
        refresh(app, &winner.refresh_token).await.expect_problem(401, "refresh_token_invalid");
        assert_eq!(app.db_count("refresh_tokens", Some("revoked_at IS NULL")).await, 0);
    }
}

story! {
    async fn logging_out_ends_this_login_and_no_other(app: &App) {
        let (phone, tablet) = (app.person("resident").await, app.person("resident").await);
        let current = "/api/v1/sessions/current";
        app.delete(current).bearer(&phone.token).await.expect_status(204);

        app.get("/api/v1/me").bearer(&phone.token).await.expect_problem(401, "unauthenticated");
        refresh(app, &phone.refresh_token).await.expect_problem(401, "refresh_token_invalid");
        app.get("/api/v1/me").bearer(&tablet.token).await.expect_status(200);
        app.request(Method::POST, current).bearer(&tablet.token).await.expect_problem(405, "method_not_allowed");
    }
}

story! {
    async fn wrong_passwords_wait_longer_and_longer_and_tell_nobody_which_names_exist(app: &App) {
        let manager = app.person("manager").await;
        give_password(app, &manager, "manager").await;
        let unknown = enter(app, "nobody", PASSWORD).await.expect_problem(401, "login_failed");
        for _ in 0..5 {
            let wrong = enter(app, "manager", "wrong").await.expect_problem(401, "login_failed");
            assert_eq!(wrong["detail"], unknown["detail"]);
        }
        for seconds in [2, 4, 8, 16] {
            let delayed = enter(app, "manager", PASSWORD).await;
            delayed.expect_problem(429, "login_delayed");
            assert_eq!(delayed.header("retry-after"), seconds.to_string());
            app.advance(TimeDelta::seconds(seconds));
            enter(app, "manager", "wrong").await.expect_problem(401, "login_failed");
        }
        app.advance(TimeDelta::seconds(32));
        let session = enter(app, "manager", PASSWORD).await.expect_status(201);
        assert_eq!(Person::of(&session).account_id, manager.account_id);
        // The right one makes good: mistyping once costs nothing again.
        enter(app, "manager", "wrong").await.expect_problem(401, "login_failed");
        enter(app, "manager", PASSWORD).await.expect_status(201);
    }
}

story! {
    async fn an_invitation_makes_somebody_a_member_who_finds_the_cases_at_once(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let person = app.person("newcomer").await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        app.case(&person, &receipt).await.expect_problem(404, "not_found");
        let code = invite(app, &admin, "member", district.member.0).await;

        let bind = |by: &Person| {
            app.post("/api/v1/me/bindings").bearer(&by.token).json(&json!({ "invite_code": code }))
        };
        let bound = bind(&person).await.expect_status(201);
        let roles: BTreeSet<_> = bound["roles"].as_array().unwrap().iter().map(|it| it["role"].to_string()).collect();
        assert_eq!(roles, BTreeSet::from(["\"member\"".to_owned(), "\"resident\"".to_owned()]));
        app.case(&person, &receipt).await.expect_status(200);
        let me = app.get("/api/v1/me").bearer(&person.token).await.expect_status(200);
        assert_eq!(me["roles"][1]["scope_name"], "甲青山");

        // Again changes nothing; somebody else comes too late.
        bind(&person).await.expect_status(201);
        let thief = app.person("thief").await;
        bind(&thief).await.expect_problem(404, "invitation_invalid");
        assert_eq!(app.db_count("role_bindings", Some("role = 'member'")).await, 1);
        app.run_jobs().await;
    }
}

story! {
    async fn an_invitation_has_its_time_and_of_many_who_take_it_one_gets_it(app: &App) {
        let district = app.district().await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let code = invite(app, &manager, "member", district.colleague.0).await;
        let mut people = Vec::new();
        for n in 0..8 {
            people.push(app.person(&format!("guest-{n}")).await);
        }
        let answers = join_all(people.iter().map(|person| {
            let body = json!({ "invite_code": code });
            app.post("/api/v1/me/bindings").bearer(&person.token).json(&body).into_future()
        }))
        .await;
        assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 1);

        let late = invite(app, &manager, "member", district.colleague.0).await;
        app.advance(TimeDelta::days(15));
        let guest = app.person("guest-0").await;
        let body = json!({ "invite_code": late });
        let refused = app.post("/api/v1/me/bindings").bearer(&guest.token).json(&body).await;
        refused.expect_problem(404, "invitation_invalid");
    }
}

story! {
    async fn an_invited_phone_number_needs_no_code(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let phone = |number: &str| UserSpec {
            user: format!("phone-{number}"),
            phone: Some(number.to_owned()),
            ..UserSpec::default()
        };
        for number in ["19900000001", "19900000002"] {
            app.wechat().put_user(phone(number)).unwrap();
        }
        let body = json!({
            "role": "station_manager", "scope_id": district.station, "phone": "199 0000 0001", "expires_in_days": 1,
        });
        app.post("/api/v1/invitations").bearer(&admin.token).json(&body).await.expect_status(201);

        let bind = async |number: &str| {
            let user = format!("phone-{number}");
            let person = app.person(&user).await;
            let code = app.wechat().phone_code(&user).unwrap();
            app.post("/api/v1/me/bindings").bearer(&person.token).json(&json!({ "phone_code": code })).await
        };
        bind("19900000002").await.expect_problem(404, "invitation_invalid");
        let bound = bind("19900000001").await.expect_status(201);
        assert_eq!(bound["roles"][1]["role"], "station_manager");
        let used = "phone_hash IS NOT NULL AND used_at IS NOT NULL";
        assert_eq!(app.db_count("invitations", Some(used)).await, 1);
    }
}

story! {
    async fn nobody_invites_beyond_his_own_reach(app: &App) {
        let (district, neighbours) = (app.district().await, app.neighbours().await);
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        for (by, role, scope_id, status) in [
            (&admin, "operator", district.committee.0, 403),
            (&admin, "committee_admin", neighbours.committee.0, 404),
            (&admin, "member", neighbours.member.0, 404),
            (&admin, "station_manager", district.member.0, 404),
            (&manager, "station_manager", district.station.0, 403),
            (&manager, "member", district.other_member.0, 404),
        ] {
            let body = json!({ "role": role, "scope_id": scope_id });
            let refused = app.post("/api/v1/invitations").bearer(&by.token).json(&body).await;
            refused.expect_problem(status, if status == 403 { "not_allowed" } else { "not_found" });
        }
        assert_eq!(app.db_count("invitations", None).await, 0);
    }
}
