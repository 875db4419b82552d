//! A small invented district for tests: a service on its own database, its clock, and what stands in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use domain::case::State;
use domain::deadline::Stage;
use domain::ids::{AccountId, CategoryId, CodeId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use domain::role::{Binding, Role};
use domain::vocabulary::{CodeKind, CodeState, Level, ShiftKind, StationKind};
use entity::{
    absence, case, category, code, committee, department, duty_shift, member, member_speciality,
    member_station, sector, station,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, ConnectOptions, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::{Database, accounts};
use crate::auth::Caller;
use crate::clock::{Clock, ManualClock, SharedClock};
use crate::config::Config;
use crate::ids::Ids;
use crate::service::names::{name_initials, name_pinyin};
use crate::state::{AppState, Parts};

const SETTINGS: &str = r#"
[server]
public_url = "https://m.example.org/"
[database]
url = "sqlite::memory:"
[auth]
keys = [{ id = "t", secret = "0123456789abcdef0123456789abcdef" }]
[secrets]
code_keys = [{ version = "A", secret = "0123456789abcdef0123456789abcdef" }]
data_keys = [{ id = 1, secret = "0123456789abcdef0123456789abcdef" }]
"#;

/// A service in an invented district: one committee, one sector, one category, one station.
pub(crate) struct District {
    pub(crate) state: AppState,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) committee: CommitteeId,
    pub(crate) sector: SectorId,
    pub(crate) category: CategoryId,
    pub(crate) station: StationId,
    /// Whoever acts.
    account: AccountId,
    statements: Arc<AtomicUsize>,
}

/// A time of 2026 in UTC, as `11-22T01:00`.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    format!("2026-{text}:00Z").parse().unwrap()
}

impl District {
    /// Founds it on a Sunday morning, 2026-11-22 at 09:00 in Shanghai.
    pub(crate) async fn found() -> Self {
        Self::found_with("").await
    }

    /// The same with more settings.
    pub(crate) async fn found_with(settings: &str) -> Self {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1).sqlx_logging(false);
        let mut pool = sea_orm::Database::connect(options).await.unwrap();
        Migrator::up(&pool, None).await.unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = statements.clone();
        pool.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        let clock = Arc::new(ManualClock::starting_at(at("11-22T01:00")));
        let shared: SharedClock = clock.clone();
        let config = Config::from_toml(&[SETTINGS, settings]).unwrap();
        let ids = Ids::seeded(shared.clone(), 1);
        let state = Parts::assemble(config, shared, ids, Database::from_pool(pool)).unwrap();
        let mut district = Self {
            state,
            clock,
            committee: Uuid::nil().into(),
            sector: Uuid::nil().into(),
            category: Uuid::nil().into(),
            station: Uuid::nil().into(),
            account: Uuid::nil().into(),
            statements,
        };
        district.account = district.state.ids.next();
        accounts::insert(district.state.db.reader(), district.account, district.now()).await.unwrap();
        district.committee = district.add_committee("示例区政协", None).await;
        district.sector = district.add_sector("教育", 1).await;
        district.category = district.add_category("环境卫生", 1).await;
        district.station = district.add_station("示例街道委员工作站").await;
        district
    }

    /// How many statements something sends to the database.
    pub(crate) async fn count_statements<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        let before = self.statements.load(Ordering::SeqCst);
        let done = work.await;
        (done, self.statements.load(Ordering::SeqCst) - before)
    }

    async fn insert<M>(&self, row: M)
    where
        M: IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + sea_orm::ModelTrait,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    {
        M::Entity::insert(row.into_active_model())
            .exec_without_returning(self.state.db.reader())
            .await
            .unwrap();
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) async fn add_committee(&self, name: &str, parent_id: Option<CommitteeId>) -> CommitteeId {
        let id = self.state.ids.next();
        let created_at = self.now();
        self.insert(committee::Model {
            id,
            parent_id,
            name: name.into(),
            level: Level::District,
            created_at,
        })
        .await;
        id
    }

    pub(crate) async fn add_sector(&self, name: &str, sort: i32) -> SectorId {
        let id = self.state.ids.next();
        let (committee_id, created_at) = (self.committee, self.now());
        self.insert(sector::Model { id, committee_id, name: name.into(), sort, created_at }).await;
        id
    }

    pub(crate) async fn add_category(&self, name: &str, sort: i32) -> CategoryId {
        let id = self.state.ids.next();
        self.insert(category::Model {
            id,
            committee_id: self.committee,
            name: name.into(),
            keywords: serde_json::json!(["垃圾", "路灯"]),
            sort,
            accept_days: None,
            respond_days: None,
            closed_at: None,
            created_at: self.now(),
        })
        .await;
        id
    }

    pub(crate) async fn add_department(&self, committee_id: CommitteeId, name: &str) -> DepartmentId {
        let id = self.state.ids.next();
        let created_at = self.now();
        self.insert(department::Model { id, committee_id, name: name.into(), closed_at: None, created_at })
            .await;
        id
    }

    pub(crate) async fn add_station(&self, name: &str) -> StationId {
        self.add_station_with(name, |_| {}).await
    }

    pub(crate) async fn add_station_with(
        &self,
        name: &str,
        change: impl FnOnce(&mut station::Model),
    ) -> StationId {
        let mut row = station::Model {
            id: self.state.ids.next(),
            committee_id: self.committee,
            kind: StationKind::Station,
            name: name.into(),
            address: "示例路 1 号".into(),
            phone: Some("010-00000000".into()),
            opening_hours: Some("工作日 9:00 至 17:00".into()),
            lat: Some(36.0),
            lng: Some(103.0),
            service_area: None,
            notice: None,
            members_may_dispatch: false,
            answers_signed_off: false,
            closed_at: None,
            created_at: self.now(),
        };
        change(&mut row);
        let id = row.id;
        self.insert(row).await;
        id
    }

    /// A member who serves the district's station.
    pub(crate) async fn add_member(&self, name: &str) -> MemberId {
        let id = self.add_member_with(name, |_| {}).await;
        self.insert(member_station::Model { member_id: id, station_id: self.station }).await;
        id
    }

    pub(crate) async fn add_member_with(
        &self,
        name: &str,
        change: impl FnOnce(&mut member::Model),
    ) -> MemberId {
        let mut row = member::Model {
            id: self.state.ids.next(),
            committee_id: self.committee,
            sector_id: self.sector,
            name: name.into(),
            name_pinyin: name_pinyin(name),
            name_initials: name_initials(name),
            level: Level::District,
            post: Some("示例小学教师".into()),
            bio: Some("关心校门口的交通。".into()),
            photo_id: None,
            capacity: 5,
            left_on: None,
            created_at: self.now(),
        };
        change(&mut row);
        let id = row.id;
        self.insert(row).await;
        id
    }

    pub(crate) async fn let_serve(&self, member_id: MemberId, station_id: StationId) {
        self.insert(member_station::Model { member_id, station_id }).await;
    }

    pub(crate) async fn let_know(&self, member_id: MemberId, category_id: CategoryId) {
        self.insert(member_speciality::Model { member_id, category_id }).await;
    }

    pub(crate) async fn add_shift(&self, member_id: MemberId, kind: ShiftKind, from: &str, until: &str) {
        let (id, place) = (self.state.ids.next(), (self.station, member_id));
        self.insert(duty_shift::Model::new(id, place, kind, (at(from), at(until)), self.now())).await;
    }

    pub(crate) async fn add_absence(&self, member_id: MemberId, from: &str, until: &str) {
        self.insert(absence::Model {
            id: self.state.ids.next(),
            member_id,
            starts_at: at(from),
            ends_at: at(until),
            reason: None,
            created_at: self.now(),
        })
        .await;
    }

    /// A code of the district's station, or of a member there.
    pub(crate) async fn add_code(&self, member_id: Option<MemberId>) -> code::Model {
        let token = self.state.code_keys.mint(self.state.ids.bytes());
        let row = code::Model {
            id: self.state.ids.next(),
            token: token.to_string(),
            committee_id: self.committee,
            kind: if member_id.is_some() { CodeKind::Member } else { CodeKind::Station },
            station_id: self.station,
            member_id,
            state: CodeState::Live,
            placed_at: None,
            batch: None,
            scan_count: 0,
            replacement_id: None,
            revoked_reason: None,
            revoked_at: None,
            created_at: self.now(),
        };
        self.insert(row.clone()).await;
        row
    }

    /// What the registry says of a code now.
    pub(crate) async fn code(&self, id: CodeId) -> code::Model {
        code::Entity::find_by_id(id).one(self.state.db.reader()).await.unwrap().unwrap()
    }

    /// A case at the district's station.
    pub(crate) async fn add_case(&self, member_id: Option<MemberId>, state: State) {
        let id: domain::ids::CaseId = self.state.ids.next();
        let now = self.now();
        self.insert(case::Model {
            id,
            committee_id: self.committee,
            number: id.to_string(),
            state,
            version: 1,
            event_seq: 1,
            station_id: self.station,
            member_id,
            department_id: None,
            resident_id: None,
            code_id: None,
            category_id: None,
            text: "示例路的路灯不亮。".into(),
            lat: None,
            lng: None,
            place_name: None,
            place_address: None,
            contact_sealed: None,
            anonymous: false,
            ticket_hash: vec![0; 32],
            routing: serde_json::json!([]),
            accept_by: None,
            accept_overdue_at: None,
            respond_by: now,
            stopped_at: None,
            stopped_total_s: 0,
            waited_total_s: 0,
            reply_by: None,
            object_by: None,
            promised_on: None,
            responded_at: None,
            confirm_by: None,
            confirm_reminder_at: None,
            submitted_seq: None,
            ended_at: None,
            outcome: (state == State::Closed).then_some(domain::vocabulary::Outcome::Solved),
            second_look: None,
            second_look_at: None,
            second_look_by: None,
            returns: 0,
            objections: 0,
            stage: Stage::OnTime,
            escalation_level: 0,
            leading_case_id: None,
            leader_seq: None,
            merged_from: None,
            part_count: 0,
            text_held: false,
            wake_at: None,
            figures_seq: 0,
            created_at: now,
            updated_at: now,
        })
        .await;
    }

    /// Somebody who has logged in with these roles.
    pub(crate) fn caller(&self, roles: &[(Role, Uuid)]) -> Caller {
        let binding = |(role, scope_id): &(Role, Uuid)| Binding { role: *role, scope_id: *scope_id };
        Caller {
            account_id: self.account,
            family_id: self.state.ids.next(),
            bindings: roles.iter().map(binding).collect(),
        }
    }

    /// The manager of the district's station.
    pub(crate) fn manager(&self) -> Caller {
        self.caller(&[(Role::StationManager, self.station.0)])
    }
}
