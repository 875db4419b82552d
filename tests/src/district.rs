//! A small invented district for stories: one committee, two stations, three members, a department,
//! and people who log in by WeChat.

use api::service::names::{name_initials, name_pinyin};
use chrono::TimeDelta;
use domain::ids::{CategoryId, CodeId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use domain::role::Role;
use domain::vocabulary::{CodeKind, CodeState, Level, ShiftKind, StationKind};
use entity::{
    case, category, category_sector, code, committee, department, duty_shift, member, member_speciality,
    member_station, role_binding, sector, station,
};
use sea_orm::{ActiveModelTrait, DbBackend, IdenStatic, IntoActiveModel, Iterable};
use serde_json::{Value, json};
use uuid::Uuid;
use wechat_sim::UserSpec;

use crate::{Answer, App};

/// Who and what there is in the district.
#[derive(Debug, Clone)]
pub struct District {
    /// The committee.
    pub committee: CommitteeId,
    /// The station on whose poster the code hangs.
    pub station: StationId,
    /// Another station of the committee.
    pub other_station: StationId,
    /// On duty at the station now; knows about property management.
    pub member: MemberId,
    /// Serves the station too; a doctor.
    pub colleague: MemberId,
    /// Serves the other station.
    pub other_member: MemberId,
    /// Property management (物业管理).
    pub category: CategoryId,
    /// A department.
    pub department: DepartmentId,
    /// The token of the station's code.
    pub code: String,
    /// The token of the colleague's code.
    pub member_code: String,
}

/// Somebody with an account and an access token.
#[derive(Debug, Clone)]
pub struct Person {
    /// For `Request::bearer`.
    pub token: String,
    /// To get the next one.
    pub refresh_token: String,
    /// The account.
    pub account_id: Uuid,
}

pub(crate) fn id<Id: From<Uuid>>(n: u128) -> Id {
    Id::from(Uuid::from_u128((0x7000 << 64) + (0x8000 << 48) + n))
}

/// The id of the station on whose poster the code hangs.
pub(crate) fn station() -> StationId {
    id(5)
}

impl App {
    /// Builds the district.
    ///
    /// # Panics
    /// The database does not take it.
    pub async fn district(&self) -> District {
        let at = self.now();
        let committee: CommitteeId = id(1);
        let (property, health): (SectorId, SectorId) = (id(2), id(3));
        self.keep(committee::Model {
            id: committee,
            parent_id: None,
            name: "青禾区政协".to_owned(),
            level: Level::District,
            created_at: at,
        })
        .await;
        for (sector_id, name, sort) in [(property, "建设", 1), (health, "医药卫生", 2)] {
            let name = name.to_owned();
            self.keep(sector::Model { id: sector_id, committee_id: committee, name, sort, created_at: at })
                .await;
        }
        let category: CategoryId = id(4);
        self.keep(category::Model {
            id: category,
            committee_id: committee,
            name: "物业管理".to_owned(),
            keywords: json!(["物业", "电梯"]),
            sort: 1,
            accept_days: None,
            respond_days: None,
            closed_at: None,
            created_at: at,
        })
        .await;
        self.keep(category_sector::Model { category_id: category, sector_id: property }).await;
        let (station, other_station) = (
            self.station(5, "青石街道委员工作站", 0.0).await,
            self.station(6, "柳湾街道委员工作站", 0.2).await,
        );
        let member = self.member(7, "甲青山", property, &[station]).await;
        let colleague = self.member(8, "乙流云", health, &[station]).await;
        let other_member = self.member(9, "丙长河", health, &[other_station]).await;
        self.keep(member_speciality::Model { member_id: member, category_id: category }).await;
        let hours = (at - TimeDelta::minutes(30), at + TimeDelta::hours(8));
        self.keep(duty_shift::Model::new(id(10), (station, member), ShiftKind::Duty, hours, at)).await;
        let department: DepartmentId = id(11);
        let name = "青禾区城管局".to_owned();
        self.keep(department::Model {
            id: department,
            committee_id: committee,
            name,
            closed_at: None,
            created_at: at,
        })
        .await;
        let code = self.code(12, committee, station, None).await;
        let member_code = self.code(13, committee, station, Some(colleague)).await;
        District {
            committee,
            station,
            other_station,
            member,
            colleague,
            other_member,
            category,
            department,
            code,
            member_code,
        }
    }

    /// Logs somebody in by WeChat; the same name is the same person, also after the session's time.
    ///
    /// # Panics
    /// The login is refused.
    pub async fn person(&self, name: &str) -> Person {
        Person::of(&self.log_in(name).await.expect_status(201))
    }

    /// What is answered to somebody who logs in by WeChat.
    pub(crate) async fn log_in(&self, name: &str) -> Answer {
        let _ = self.wechat().put_user(UserSpec { user: name.to_owned(), ..UserSpec::default() });
        let js_code = self.wechat().login(name).unwrap_or_else(|error| panic!("{error}"));
        self.post("/api/v1/sessions/wechat").json(&json!({ "js_code": js_code })).await
    }

    /// Logs somebody in by WeChat who has this role.
    ///
    /// # Panics
    /// The login is refused.
    pub async fn staff(&self, name: &str, role: Role, scope_id: Uuid) -> Person {
        let person = self.person(name).await;
        self.keep(role_binding::Model {
            id: self.state().ids.next(),
            account_id: person.account_id.into(),
            role,
            scope_id,
            created_at: self.now(),
            revoked_at: None,
        })
        .await;
        self.state().accounts.forget(person.account_id.into());
        person
    }

    /// What somebody was told, newest first, up to a hundred messages.
    ///
    /// # Panics
    /// The inbox is not shown.
    pub async fn inbox(&self, person: &Person) -> Vec<Value> {
        let page = self.get("/api/v1/me/messages?limit=100").bearer(&person.token).await.expect_status(200);
        page["items"].as_array().expect("items").clone()
    }

    /// The titles of what somebody was told of a case, newest first.
    ///
    /// # Panics
    /// The inbox is not shown.
    pub async fn told_of(&self, person: &Person, case: &Value) -> Vec<String> {
        let inbox = self.inbox(person).await;
        let of_case = inbox.iter().filter(|item| item["case_id"] == case["id"]);
        of_case.map(|item| item["title"].as_str().expect("a title").to_owned()).collect()
    }

    /// A resident's report through a code; answers with the receipt.
    ///
    /// # Panics
    /// It is not taken in.
    pub async fn report(&self, code: &str, text: &str, by: Option<&Person>) -> Value {
        self.send_report(&json!({ "code": code, "text": text }), by).await.expect_status(201)
    }

    /// Sends a report with a new key.
    pub async fn send_report(&self, body: &Value, by: Option<&Person>) -> Answer {
        let key = Uuid::from_u128(u128::from(self.state().ids.draw())).to_string();
        let request = self.post("/api/v1/cases").idempotency_key(&key).json(body);
        match by {
            Some(person) => request.bearer(&person.token).await,
            None => request.await,
        }
    }

    /// Copies the only case that there is, so that it stands in the table so many times more: for what lists or
    /// counts a crowd, and reads no history. Time has nothing to do with the copies, nor have the figures.
    ///
    /// # Panics
    /// The database does not take them.
    pub async fn crowd(&self, count: usize) {
        let id = match self.db().get_database_backend() {
            DbBackend::Postgres => "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
            _ => "unhex(printf('00000000000070008000%012x', n))",
        };
        let columns: Vec<&str> = case::Column::iter().map(|column| column.as_str()).collect();
        let values = columns.iter().map(|column| match *column {
            "id" => id,
            "number" => "'n' || n",
            "wake_at" => "NULL",
            "figures_seq" => "event_seq",
            other => other,
        });
        let copy = format!(
            "INSERT INTO cases ({}) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})
            SELECT {} FROM cases, n",
            columns.join(", "),
            values.collect::<Vec<_>>().join(", ")
        );
        self.run_sql(&copy, []).await;
    }

    /// Makes many cases that are as this one, each with an intake of its own: for what needs a crowd.
    ///
    /// # Panics
    /// The database does not take them.
    pub async fn copy_case(&self, case: &Value, count: usize) {
        const COPIED: &str = "committee_id, state, version, event_seq, station_id, member_id, category_id, code_id,
            text, anonymous, ticket_hash, routing, accept_by, respond_by, stopped_total_s, waited_total_s, returns,
            objections, stage, escalation_level, wake_at, created_at, updated_at";
        let copy = format!(
            "INSERT INTO cases (id, number, {COPIED}) SELECT $1, $2, {COPIED} FROM cases WHERE id = $3"
        );
        let intake = "INSERT INTO case_events (case_id, seq, kind, to_state, party, body, at)
            SELECT $1, seq, kind, to_state, party, body, at FROM case_events WHERE case_id = $2 AND seq = 1";
        let first = case["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        let first = first.unwrap_or_else(|| panic!("no id in {case}"));
        for _ in 0..count {
            let id = self.state().ids.next::<Uuid>();
            self.run_sql(&copy, [id.into(), id.to_string().into(), first.into()]).await;
            self.run_sql(intake, [id.into(), first.into()]).await;
        }
    }

    /// Does something to a case.
    pub async fn act(&self, by: &Person, case: &Value, action: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/cases/{}/{action}", case["id"].as_str().unwrap_or_default());
        self.post(&path).bearer(&by.token).json(body).await
    }

    /// A case as somebody sees it.
    pub async fn case(&self, by: &Person, case: &Value) -> Answer {
        self.get(&format!("/api/v1/cases/{}", case["id"].as_str().unwrap_or_default()))
            .bearer(&by.token)
            .await
    }

    /// Another department of a committee.
    ///
    /// # Panics
    /// The database does not take it.
    pub async fn department(&self, committee_id: CommitteeId, name: &str) -> DepartmentId {
        let (id, name, created_at) = (self.state().ids.next(), name.to_owned(), self.now());
        self.keep(department::Model { id, committee_id, name, closed_at: None, created_at }).await;
        id
    }

    pub(crate) async fn station(&self, n: u128, name: &str, east: f64) -> StationId {
        self.keep(station::Model {
            id: id(n),
            committee_id: id(1),
            kind: StationKind::Station,
            name: name.to_owned(),
            address: format!("{name}一楼"),
            phone: None,
            opening_hours: None,
            lat: Some(31.5),
            lng: Some(104.5 + east),
            service_area: None,
            notice: None,
            members_may_dispatch: false,
            answers_signed_off: false,
            closed_at: None,
            created_at: self.now(),
        })
        .await;
        id(n)
    }

    pub(crate) async fn member(
        &self,
        n: u128,
        name: &str,
        sector_id: SectorId,
        stations: &[StationId],
    ) -> MemberId {
        self.keep(member::Model {
            id: id(n),
            committee_id: id(1),
            sector_id,
            name: name.to_owned(),
            name_pinyin: name_pinyin(name),
            name_initials: name_initials(name),
            level: Level::District,
            post: None,
            bio: None,
            photo_id: None,
            capacity: 10,
            left_on: None,
            created_at: self.now(),
        })
        .await;
        for station_id in stations {
            self.keep(member_station::Model { member_id: id(n), station_id: *station_id }).await;
        }
        id(n)
    }

    pub(crate) async fn code(
        &self,
        n: u8,
        committee_id: CommitteeId,
        station_id: StationId,
        member_id: Option<MemberId>,
    ) -> String {
        let token = self.state().code_keys.mint([n; 5]).to_string();
        self.keep(code::Model {
            id: id::<CodeId>(n.into()),
            token: token.clone(),
            committee_id,
            kind: if member_id.is_some() { CodeKind::Member } else { CodeKind::Station },
            station_id,
            member_id,
            state: CodeState::Live,
            placed_at: None,
            batch: None,
            scan_count: 0,
            replacement_id: None,
            revoked_reason: None,
            revoked_at: None,
            created_at: self.now(),
        })
        .await;
        token
    }

    /// Inserts a row that no call of the service can make.
    ///
    /// # Panics
    /// The database does not take it.
    pub async fn keep<Model, Active>(&self, row: Model)
    where
        Model: IntoActiveModel<Active>,
        Active: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
        <Active::Entity as sea_orm::EntityTrait>::Model: IntoActiveModel<Active>,
    {
        let inserted = row.into_active_model().insert(self.db()).await;
        inserted.unwrap_or_else(|error| panic!("keeping a row: {error}"));
    }
}

impl Person {
    /// The person of a session that was just answered.
    ///
    /// # Panics
    /// It is none.
    #[must_use]
    pub fn of(session: &Value) -> Self {
        let text =
            |key: &str| session[key].as_str().unwrap_or_else(|| panic!("no {key} in {session}")).to_owned();
        let account_id = session["account"]["id"].as_str().and_then(|id| id.parse().ok());
        Self {
            token: text("access_token"),
            refresh_token: text("refresh_token"),
            account_id: account_id.unwrap_or_else(|| panic!("no account in {session}")),
        }
    }
}
