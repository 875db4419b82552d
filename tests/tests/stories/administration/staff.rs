//! Who works in a committee: the first admin, roles that are taken back, accounts that are shut.

use domain::role::Role;
use serde_json::{Value, json};
use tests::{App, Person, story};

async fn roles(app: &App, by: &Person, committee: impl std::fmt::Display) -> Vec<Value> {
    let list = app.get(&format!("/api/v1/committees/{committee}/staff")).bearer(&by.token).await;
    list.expect_status(200)["items"].as_array().unwrap().clone()
}

story! {
    async fn the_first_admin_comes_from_the_command_line_and_changes_the_password(app: &App) {
        let arguments = ["found", "--name", "示例区政协", "--level", "district", "--login", "first"];
        let founded = app.program().run(&arguments);
        assert!(founded.status.success(), "{}", String::from_utf8_lossy(&founded.stderr));
        let said = String::from_utf8(founded.stdout).unwrap();
        let password = said.split("the password ").nth(1).unwrap().lines().next().unwrap();
        let log_in = async |password: &str| {
            let body = json!({ "login": "first", "password": password });
            app.post("/api/v1/sessions/password").json(&body).await
        };
        let session = log_in(password).await.expect_status(201);
        let other = log_in(password).await.expect_status(201);
        let admin = Person::of(&session);
        let committee = session["account"]["roles"].as_array().unwrap().iter()
            .find(|role| role["role"] == "committee_admin").unwrap()["scope_id"].as_str().unwrap();
        let sectors = format!("/api/v1/committees/{committee}/sectors");
        app.post(&sectors).bearer(&admin.token).json(&json!({ "name": "教育" })).await.expect_status(201);

        let set = async |current: Option<&str>| {
            let body = json!({ "login": "first", "password": "一个又长又新的口令", "current_password": current });
            app.put("/api/v1/me/password").bearer(&admin.token).json(&body).await
        };
        set(None).await.expect_problem(422, "validation_failed");
        let longer = json!({ "login": "first", "password": "一个又长又新的口令！！", "current_password": "wrong" });
        let refused = app.put("/api/v1/me/password").bearer(&admin.token).json(&longer).await;
        refused.expect_problem(401, "login_failed");
        let right = json!({ "login": "first", "password": "一个又长又新的口令！！", "current_password": password });
        app.put("/api/v1/me/password").bearer(&admin.token).json(&right).await.expect_status(204);
        log_in(password).await.expect_problem(401, "login_failed");
        log_in("一个又长又新的口令！！").await.expect_status(201);
        let stale = json!({ "refresh_token": other["refresh_token"] });
        app.post("/api/v1/sessions/refresh").json(&stale).await.expect_problem(401, "refresh_token_invalid");

        let again = app.program().run(&arguments);
        assert!(!again.status.success());
        assert!(String::from_utf8_lossy(&again.stderr).contains("the login name is taken"));
    }
}

story! {
    async fn a_role_that_is_taken_back_is_gone_at_once(app: &App) {
        let district = app.district().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let manager = app.staff("manager", Role::StationManager, district.station.0).await;
        let codes = format!("/api/v1/stations/{}/codes", district.station);
        app.get(&codes).bearer(&manager.token).await.expect_status(200);

        let staff = roles(app, &admin, district.committee).await;
        let role = staff.iter().find(|it| it["role"] == "station_manager").unwrap();
        assert_eq!(role["scope_name"], "青石街道委员工作站");
        let binding = format!("/api/v1/role-bindings/{}", role["id"].as_str().unwrap());
        for _ in 0..2 {
            app.delete(&binding).bearer(&admin.token).await.expect_status(204);
        }
        app.get(&codes).bearer(&manager.token).await.expect_problem(404, "not_found");
        assert_eq!(roles(app, &admin, district.committee).await.len(), 1);
        assert_eq!(app.db_count("audit_entries", None).await, 1);

        let own = &roles(app, &admin, district.committee).await[0];
        let binding = format!("/api/v1/role-bindings/{}", own["id"].as_str().unwrap());
        app.delete(&binding).bearer(&admin.token).await.expect_problem(403, "not_allowed");
    }
}

story! {
    async fn an_account_is_shut_by_who_is_above_all_its_roles(app: &App) {
        let district = app.district().await;
        let neighbours = app.neighbours().await;
        let admin = app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let member = app.staff("member", Role::Member, district.member.0).await;
        // The same person of WeChat twice is one account with two roles.
        app.staff("both", Role::Member, district.colleague.0).await;
        let both = app.staff("both", Role::CommitteeAdmin, neighbours.committee.0).await;
        let resident = app.person("resident").await;
        let set = async |whom: &Person, state: &str| {
            let path = format!("/api/v1/accounts/{}/state", whom.account_id);
            app.put(&path).bearer(&admin.token).json(&json!({ "state": state })).await
        };
        set(&member, "disabled").await.expect_status(204);
        app.get("/api/v1/me").bearer(&member.token).await.expect_problem(401, "account_disabled");
        set(&member, "active").await.expect_status(204);
        app.get("/api/v1/me").bearer(&member.token).await.expect_status(200);

        set(&both, "disabled").await.expect_problem(404, "not_found");
        set(&resident, "disabled").await.expect_problem(404, "not_found");
        set(&admin, "disabled").await.expect_problem(403, "not_allowed");
        set(&member, "erased").await.expect_problem(422, "validation_failed");
    }
}
