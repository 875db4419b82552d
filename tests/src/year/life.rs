//! Days go by: who comes when, what is said to the service, and what it answered.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::calendar::{WorkCalendar, shanghai_date};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::residents::Turn;
use super::town::Town;
use crate::{Answer, App, Dice, Person, Request};

/// A login is good for a quarter of an hour; who comes later logs in again.
const LOGIN: TimeDelta = TimeDelta::minutes(10);
/// So often, in a hundred, somebody presses a button twice.
const PRESSED_TWICE: u32 = 5;
/// So often somebody tries again who is told to come back later: as often as there are connections, and more.
const PATIENCE: usize = 40;
/// Every so many days all connections to the database break (where it is a server).
const DAYS_BETWEEN_BREAKS: u32 = 30;
/// What may be answered to somebody who is too late, or looks at what has changed: refused, and nothing lost.
const REFUSALS: [&str; 9] = [
    "wrong_state",
    "too_late",
    "not_allowed",
    "not_found",
    "returns_exhausted",
    "bad_leader",
    "leads_others",
    "raised_already",
    "version_conflict",
];

/// How long, how busy, and which of all the lives that could be.
#[derive(Debug, Clone, Copy)]
pub struct Year {
    /// Days.
    pub days: u32,
    /// Cases reported each day.
    pub cases_a_day: usize,
    /// What chance is drawn from.
    pub seed: u64,
}

/// What happened, in numbers: each action that was done, and each refusal.
pub type Tally = BTreeMap<String, u64>;

/// A case as the one knows it who reported it.
pub(super) struct Known {
    pub(super) id: String,
    pub(super) by: Reporter,
}

/// Who reported a case.
#[derive(Debug, Clone)]
pub(super) enum Reporter {
    /// Somebody with an account, by the name of the login.
    Account(String),
    /// Whoever has the ticket.
    Ticket(String),
}

/// A life that is being lived.
pub struct Life<'a> {
    pub(super) app: &'a App,
    pub(super) dice: Dice,
    pub(super) town: Town,
    pub(super) cases: Vec<Known>,
    pub(super) places: HashMap<String, usize>,
    pub(super) to_come: BTreeMap<NaiveDate, Vec<(usize, Turn)>>,
    tally: Tally,
    logins: HashMap<String, (Person, DateTime<Utc>)>,
    keys: u128,
}

impl<'a> Life<'a> {
    /// Lives it, from a Monday morning on.
    ///
    /// # Panics
    /// The service answers what nobody should ever be answered.
    pub async fn live(app: &'a App, year: Year) -> Tally {
        let town = Town::built(app).await;
        let mut life = Life {
            app,
            dice: Dice::seeded(year.seed),
            town,
            cases: Vec::new(),
            places: HashMap::new(),
            to_come: BTreeMap::new(),
            tally: Tally::new(),
            logins: HashMap::new(),
            keys: 0,
        };
        for day in 0..year.days {
            life.day(day, year.cases_a_day).await;
            life.look_at_errors();
        }
        life.tally
    }

    /// From 9:30 to 9:30.
    async fn day(&mut self, day: u32, cases: usize) {
        let calendar = WorkCalendar::shipped().expect("the shipped calendar");
        let working = calendar.is_working_day(self.today());
        for _ in 0..cases / 2 {
            self.report().await;
        }
        self.pass(TimeDelta::minutes(150)).await;
        if day % DAYS_BETWEEN_BREAKS == DAYS_BETWEEN_BREAKS - 1 {
            self.break_connections().await;
        }
        if working {
            self.members_work().await;
            self.pass(TimeDelta::hours(3)).await;
            self.officers_work().await;
            self.managers_work().await;
            self.admin_works(day).await;
        }
        for _ in cases / 2..cases {
            self.report().await;
        }
        self.pass(TimeDelta::hours(3)).await;
        self.residents_react().await;
        let morning = TimeDelta::hours(24) - TimeDelta::minutes(150) - TimeDelta::hours(3);
        self.pass(if working { morning - TimeDelta::hours(3) } else { morning }).await;
    }

    async fn pass(&self, time: TimeDelta) {
        self.app.advance(time);
        self.app.run_jobs().await;
    }

    pub(super) fn today(&self) -> NaiveDate {
        shanghai_date(self.app.now())
    }

    pub(super) fn later(&mut self, case: usize, after: Days, turn: Turn) {
        let day = self.today().checked_add_days(after).expect("a day of this century");
        self.to_come.entry(day).or_default().push((case, turn));
    }

    /// All connections that the service holds break.
    async fn break_connections(&self) {
        if self.app.db().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
            let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                          WHERE datname = current_database() AND pid <> pg_backend_pid()";
            self.app.db().execute_unprepared(others).await.expect("breaking connections");
        }
    }

    /// Nothing goes wrong but that a broken connection is told.
    fn look_at_errors(&self) {
        for error in self.app.take_errors() {
            assert!(error.contains("the database does not answer"), "{error}");
        }
    }

    /// Somebody's present login.
    pub(super) async fn login(&mut self, name: &str) -> Person {
        let now = self.app.now();
        if let Some((person, since)) = self.logins.get(name)
            && now - *since < LOGIN
        {
            return person.clone();
        }
        let app = self.app;
        // A code of WeChat's is good for one try.
        let session = self.patiently(async || app.log_in(name).await).await.expect_status(201);
        let person = Person::of(&session);
        self.logins.insert(name.to_owned(), (person.clone(), now));
        person
    }

    /// The first page of a list.
    pub(super) async fn list(&mut self, name: &str, query: &str) -> Vec<Value> {
        let person = self.login(name).await;
        let (app, path) = (self.app, format!("/api/v1/cases?{query}"));
        let page = self.patiently(async || app.get(&path).bearer(&person.token).await).await;
        page.expect_status(200)["items"].as_array().expect("items").clone()
    }

    /// A case as somebody with an account sees it.
    pub(super) async fn show(&mut self, name: &str, case: &Value) -> Value {
        let person = self.login(name).await;
        let (app, path) = (self.app, format!("/api/v1/cases/{}", case["id"].as_str().expect("an id")));
        let shown = self.patiently(async || app.get(&path).bearer(&person.token).await).await;
        shown.expect_status(200)
    }

    /// Somebody with an account does something to a case.
    pub(super) async fn act(&mut self, name: &str, case: &Value, action: &str, body: Value) -> bool {
        let person = self.login(name).await;
        let id = case["id"].as_str().expect("an id").to_owned();
        // Staff say which version they have looked at.
        let seen = case["version"].as_i64().map(|version| format!("\"{version}\""));
        self.press(&id, action, &body, |request| {
            let request = request.bearer(&person.token);
            match &seen {
                Some(seen) => request.header("if-match", seen),
                None => request,
            }
        })
        .await
    }

    /// Whoever reported a case does something to it.
    pub(super) async fn act_as_reporter(&mut self, case: usize, action: &str, body: Value) -> bool {
        let Known { id, by } = &self.cases[case];
        let (id, by) = (id.clone(), by.clone());
        match by {
            Reporter::Account(name) => self.act(&name, &json!({ "id": id }), action, body).await,
            Reporter::Ticket(ticket) => {
                self.press(&id, action, &body, |request| request.ticket(&ticket)).await
            }
        }
    }

    /// Sends an action, now and then twice; true if it was done.
    async fn press(
        &mut self,
        id: &str,
        action: &str,
        body: &Value,
        dress: impl Fn(Request) -> Request,
    ) -> bool {
        let key = self.new_key();
        let path = format!("/api/v1/cases/{id}/{action}");
        let app = self.app;
        let answer = self.patiently(async || send(app, &path, &key, body, &dress).await).await;
        if self.dice.percent(PRESSED_TWICE) && answer.status() == 200 {
            let again = send(self.app, &path, &key, body, &dress).await;
            assert_eq!(answer.bytes(), again.bytes(), "{action} was done twice");
        }
        self.count(action, &answer)
    }

    /// Asks again while the service is not to be had: what was done meanwhile is not done twice.
    pub(super) async fn patiently(&mut self, ask: impl AsyncFn() -> Answer) -> Answer {
        for _ in 0..PATIENCE {
            let answer = ask().await;
            if answer.status() != 503 {
                return answer;
            }
            *self.tally.entry("came back later".to_owned()).or_default() += 1;
        }
        panic!("the service does not come back");
    }

    /// Counts an answer, which must be a success or a refusal that can happen; true if it is a success.
    pub(super) fn count(&mut self, what: &str, answer: &Answer) -> bool {
        let refusal =
            (answer.status() >= 400).then(|| answer.json()["code"].as_str().unwrap_or("").to_owned());
        let known = refusal.as_deref().is_none_or(|code| REFUSALS.contains(&code));
        assert!(known, "{what}: {:#}", answer.json());
        let name = refusal.as_ref().map_or(what.to_owned(), |code| format!("{what}: {code}"));
        *self.tally.entry(name).or_default() += 1;
        refusal.is_none()
    }

    pub(super) fn new_key(&mut self) -> String {
        self.keys += 1;
        Uuid::from_u128(self.keys).to_string()
    }
}

async fn send(app: &App, path: &str, key: &str, body: &Value, dress: &impl Fn(Request) -> Request) -> Answer {
    dress(app.post(path).idempotency_key(key).json(body)).await
}
