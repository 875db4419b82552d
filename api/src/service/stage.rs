//! For tests: a whole service on a fresh SQLite file, with WeChat simulated and time standing still.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, CommitteeId, MemberId, SectorId, StationId};
use domain::role::{Binding, Role};
use domain::vocabulary::{AccountState, Level, StationKind};
use entity::{committee, member, member_station, sector, station};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use uuid::Uuid;
use wechat_sim::{ClockMode, RunningSimulator, SimHandle, SimOptions, Simulator};

use super::sessions::{self, Session, SessionError};
use crate::auth::Caller;
use crate::clock::{Clock, ManualClock};
use crate::config::Config;
use crate::ids::Ids;
use crate::startup::Application;
use crate::state::AppState;
use crate::store::{Database, accounts};
use crate::wechat::LoginCode;

/// The service and the hands on what surrounds it.
pub struct Stage {
    pub app: AppState,
    clock: Arc<ManualClock>,
    wechat: RunningSimulator,
    folder: PathBuf,
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Stage {
    pub async fn set() -> Self {
        let start: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        let sim = SimOptions { clock: ClockMode::Manual(start), ..SimOptions::new("wx01", "sesame") };
        let wechat = Simulator::start(sim).unwrap();
        let clock = Arc::new(ManualClock::starting_at(start));
        let folder = std::env::temp_dir().join(format!("stage-{:032x}", Ids::random(clock.clone()).draw()));
        std::fs::create_dir_all(&folder).unwrap();
        let key = "k".repeat(40);
        let config = Config::from_toml(&[&format!(
            r#"
            server = {{ public_url = "http://127.0.0.1:8080", port = 0 }}
            database = {{ url = "sqlite://{}/test.db?mode=rwc" }}
            auth = {{ keys = [{{ id = "a", secret = "{key}" }}], argon2_memory_kib = 8192, argon2_passes = 1 }}
            wechat = {{ base_url = "{}", appid = "wx01", secret = "sesame" }}
            secrets = {{ code_keys = [{{ version = "A", secret = "{key}" }}], data_keys = [{{ id = 1, secret = "{key}" }}] }}
            "#,
            folder.display(),
            wechat.base_url(),
        )])
        .unwrap();
        let db = Database::connect(&config.database).await.unwrap();
        Migrator::up(db.reader(), None).await.unwrap();
        db.close().await.unwrap();
        let ids = Ids::seeded(clock.clone(), 1);
        let app = Application::build(config, clock.clone(), ids).await.unwrap().state();
        Self { app, clock, wechat, folder }
    }

    pub fn sim(&self) -> &SimHandle {
        self.wechat.sim()
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.sim().advance(by).unwrap();
    }

    /// Moves our clock, not WeChat's, to another time.
    pub fn rewind_to(&self, at: DateTime<Utc>) {
        self.clock.set(at);
    }

    pub async fn disable(&self, id: AccountId) {
        let account = accounts::find(self.app.db.reader(), id).await.unwrap().unwrap();
        let mut account = account.into_active_model();
        account.state = Set(AccountState::Disabled);
        account.update(self.app.db.reader()).await.unwrap();
        self.app.accounts.forget(id);
    }

    pub async fn try_log_in(&self, user: &str) -> Result<Session, SessionError> {
        let code = LoginCode::parse(&self.sim().login(user).unwrap()).unwrap();
        sessions::log_in_with_wechat(&self.app, self.app.wechat.main().unwrap(), &code).await
    }

    pub async fn log_in(&self, user: &str) -> Session {
        self.try_log_in(user).await.unwrap()
    }

    /// Logs in, with a role.
    pub async fn log_in_as(&self, user: &str, role: Role, scope_id: Uuid) -> Caller {
        let session = self.log_in(user).await;
        self.give(session.account.id, role, scope_id).await;
        self.caller(&session).await
    }

    pub async fn give(&self, account_id: AccountId, role: Role, scope_id: Uuid) {
        let binding = Binding { role, scope_id };
        let id = self.app.ids.next();
        accounts::bind(self.app.db.reader(), id, account_id, binding, self.now()).await.unwrap();
        self.app.accounts.forget(account_id);
    }

    pub async fn caller(&self, session: &Session) -> Caller {
        Caller::authenticate(&self.app, &session.access_token).await.unwrap()
    }

    pub async fn insert<A>(&self, row: impl IntoActiveModel<A>)
    where
        A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
        <A::Entity as sea_orm::EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.into_active_model().insert(self.app.db.reader()).await.unwrap();
    }

    pub async fn committee(&self, parent_id: Option<CommitteeId>) -> CommitteeId {
        let id = self.app.ids.next();
        let (name, created_at) = ("测试区政协".to_owned(), self.now());
        self.insert(committee::Model { id, parent_id, name, level: Level::District, created_at }).await;
        id
    }

    pub async fn station(&self, committee_id: CommitteeId) -> StationId {
        let id = self.app.ids.next();
        self.insert(station::Model {
            id,
            committee_id,
            kind: StationKind::Station,
            name: "测试工作站".to_owned(),
            address: "测试路1号".to_owned(),
            phone: None,
            opening_hours: None,
            lat: None,
            lng: None,
            service_area: None,
            notice: None,
            members_may_dispatch: false,
            answers_signed_off: false,
            closed_at: None,
            created_at: self.now(),
        })
        .await;
        id
    }

    pub async fn member(&self, committee_id: CommitteeId, station_id: StationId) -> MemberId {
        let (id, sector_id): (MemberId, SectorId) = (self.app.ids.next(), self.app.ids.next());
        self.insert(sector::Model {
            id: sector_id,
            committee_id,
            name: format!("界别{sector_id}"),
            sort: 0,
            created_at: self.now(),
        })
        .await;
        self.insert(member::Model {
            id,
            committee_id,
            sector_id,
            name: "委员甲".to_owned(),
            name_pinyin: "weiyuanjia".to_owned(),
            name_initials: "wyj".to_owned(),
            level: Level::District,
            post: None,
            bio: None,
            photo_id: None,
            capacity: 10,
            left_on: None,
            created_at: self.now(),
        })
        .await;
        self.insert(member_station::Model { member_id: id, station_id }).await;
        id
    }
}
