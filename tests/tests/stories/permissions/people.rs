//! Everybody who tries something, and what they try it on.

use std::collections::HashMap;

use domain::ids::DepartmentId;
use domain::role::Role;
use entity::credential;
use serde_json::{Value, json};
use tests::{App, District, Person, Request};
use uuid::Uuid;

use crate::pictures;

/// The password of everybody here.
pub const PASSWORD: &str = "a password of the stories";

/// One caller of the table.
pub struct Column {
    /// Its heading; with `~` for somebody who has nothing to do with what is tried.
    pub name: &'static str,
    /// Whether a case of the district does not exist for the caller.
    pub is_stranger: bool,
}

const fn own(name: &'static str) -> Column {
    Column { name, is_stranger: false }
}

const fn foreign(name: &'static str) -> Column {
    Column { name, is_stranger: true }
}

/// All callers, in the order of the table.
pub const COLUMNS: &[Column] = &[
    own("nobody"),
    own("ticket"),
    own("resident"),
    own("member"),
    own("manager"),
    own("officer"),
    own("admin"),
    foreign("ticket~"),
    foreign("resident~"),
    foreign("member~"),
    foreign("manager~"),
    foreign("officer~"),
    foreign("admin~"),
    foreign("operator"),
];

/// The people, and what there is.
pub struct World<'a> {
    pub app: &'a App,
    pub district: District,
    /// Departments of the committee without an officer.
    pub second_department: DepartmentId,
    pub third_department: DepartmentId,
    people: HashMap<&'static str, Person>,
    /// The ticket of a case that nobody tries anything on.
    pub other_ticket: String,
    /// A case of the district that others may follow.
    pub leading: Value,
    /// A case for every row, until somebody changes it.
    pub cases: HashMap<String, Value>,
    /// The picture of the case of `show_upload`.
    pub upload: Option<String>,
    pub keys: u32,
}

impl<'a> World<'a> {
    /// Everybody logs in.
    pub async fn made_in(app: &'a App) -> Self {
        let district = app.district().await;
        let second_department = app.department(district.committee, "青禾区住建局").await;
        let third_department = app.department(district.committee, "青禾区水务局").await;
        let neighbours = app.neighbours().await;
        let roles: [(&str, Role, Uuid); 9] = [
            ("member", Role::Member, district.member.0),
            ("manager", Role::StationManager, district.station.0),
            ("officer", Role::DepartmentOfficer, district.department.0),
            ("admin", Role::CommitteeAdmin, district.committee.0),
            ("member~", Role::Member, district.colleague.0),
            ("manager~", Role::StationManager, district.other_station.0),
            ("officer~", Role::DepartmentOfficer, neighbours.department.0),
            ("admin~", Role::CommitteeAdmin, neighbours.committee.0),
            ("operator", Role::Operator, Uuid::nil()),
        ];
        let mut people = HashMap::new();
        for name in ["resident", "resident~"] {
            people.insert(name, app.person(name).await);
        }
        for (name, role, scope_id) in roles {
            people.insert(name, app.staff(name, role, scope_id).await);
        }
        let other = app.report(&district.code, "别人的事", people.get("resident~")).await;
        let leading = app.report(&district.code, "大家的事", people.get("resident")).await;
        let other_ticket = other["case_ticket"].as_str().unwrap().to_owned();
        let cases = HashMap::new();
        let world = Self {
            app,
            district,
            second_department,
            third_department,
            people,
            other_ticket,
            leading,
            cases,
            upload: None,
            keys: 0,
        };
        world.give_password().await;
        world
    }

    /// Somebody with an account.
    pub fn person(&self, name: &str) -> &Person {
        self.people.get(name).unwrap_or_else(|| panic!("{name} has no account"))
    }

    /// Who has an account: neither nobody nor a ticket.
    pub fn find_person(&self, name: &str) -> Option<&Person> {
        self.people.get(name)
    }

    /// Puts what proves the caller into a request.
    pub fn dress(&self, request: Request, column: &Column, case: Option<&Value>) -> Request {
        let own_ticket = case.and_then(|case| case["case_ticket"].as_str());
        match column.name {
            "nobody" => request,
            "ticket" => request.ticket(own_ticket.unwrap_or(&self.other_ticket)),
            "ticket~" => request.ticket(&self.other_ticket),
            name => request.bearer(&self.person(name).token),
        }
    }

    /// A key that nobody has used.
    pub fn next_key(&mut self) -> String {
        self.keys += 1;
        format!("permissions-{}", self.keys)
    }

    /// The manager can log in by password too.
    async fn give_password(&self) {
        let state = self.app.state();
        let row = credential::Model {
            account_id: self.person("manager").account_id.into(),
            login: "manager".to_owned(),
            password_hash: state.passwords.hash(&state.ids, PASSWORD.into()).await.unwrap(),
            totp_sealed: None,
            failures: 0,
            retry_at: None,
            created_at: self.app.now(),
        };
        self.app.keep(row).await;
    }

    /// A picture of the resident's, taken by a new case.
    pub async fn case_with_picture(&mut self) -> Value {
        let key = self.next_key();
        let resident = self.person("resident").token.clone();
        let request = self.app.post("/api/v1/uploads").bearer(&resident).idempotency_key(&key);
        let sent = request.file("a.png", "image/png", &pictures::png(8, 8)).await.expect_status(201);
        let district = &self.district;
        let body = json!({
            "code": district.code, "text": "电梯坏了", "member_id": district.member, "uploads": [sent["id"]],
        });
        self.upload = sent["id"].as_str().map(str::to_owned);
        self.app.send_report(&body, self.find_person("resident")).await.expect_status(201)
    }

    /// The resident's newest message.
    pub async fn message(&self) -> String {
        let token = &self.person("resident").token;
        let inbox = self.app.get("/api/v1/me/messages").bearer(token).await.expect_status(200);
        inbox["items"][0]["id"].as_str().expect("the resident has a message").to_owned()
    }
}
