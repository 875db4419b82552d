//! A small district in a migrated SQLite file, with a clock that stands still: for unit tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::case::{EventBody, EventKind, State};
use domain::deadline::Stage;
use domain::ids::{AccountId, CaseId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use domain::role::{Party, Role};
use domain::vocabulary::{AccountState, Level, StationKind};
use entity::{account, case, case_event, committee, department, member, role_binding, sector, station};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::clock::ManualClock;
use crate::config::Config;
use crate::ids::Ids;
use crate::state::{AppState, Parts};
use crate::store::{Database, migrate};

static FILES: AtomicU32 = AtomicU32::new(0);

/// A service without its server. Its database file is removed with it.
pub(crate) struct Bench {
    pub(crate) state: AppState,
    pub(crate) clock: Arc<ManualClock>,
    file: PathBuf,
}

impl Drop for Bench {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.file.display()));
        }
    }
}

/// Monday, 23 November 2026, 09:00 in Shanghai.
pub(crate) fn monday() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_395_600, 0).unwrap()
}

pub(crate) fn config(url: &str) -> Config {
    let secret = "0123456789abcdef0123456789abcdef";
    let layer = format!(
        "[server]\npublic_url = \"http://127.0.0.1:8080/\"\nmetrics_address = \"\"\n\
         [database]\nurl = \"{url}\"\n\
         [auth]\nkeys = [{{ id = \"t\", secret = \"{secret}\" }}]\n\
         [secrets]\ncode_keys = [{{ version = \"A\", secret = \"{secret}\" }}]\n\
         data_keys = [{{ id = 1, secret = \"{secret}\" }}]\n"
    );
    Config::from_toml(&[&layer]).unwrap()
}

/// A migrated, empty bench.
pub(crate) async fn bench() -> Bench {
    let name = format!("mashangjian-{}-{}.db", std::process::id(), FILES.fetch_add(1, Ordering::Relaxed));
    let file = std::env::temp_dir().join(name);
    let config = config(&format!("sqlite://{}?mode=rwc", file.display()));
    let clock = Arc::new(ManualClock::starting_at(monday()));
    let ids = Ids::seeded(clock.clone(), 1);
    let db = Database::connect(&config.database).await.unwrap();
    migrate::migrate(&db).await.unwrap();
    let state = Parts::assemble(config, clock.clone(), ids, db).unwrap();
    Bench { state, clock, file }
}

fn id<Id: From<Uuid>>(n: u128) -> Id {
    Id::from(Uuid::from_u128(n))
}

pub(crate) const COMMITTEE: u128 = 1;
pub(crate) const STATION: u128 = 2;
pub(crate) const MEMBER: u128 = 3;
pub(crate) const OTHER_MEMBER: u128 = 4;
pub(crate) const DEPARTMENT: u128 = 5;

/// The accounts of a district: who they are to its case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct People {
    pub(crate) resident: AccountId,
    pub(crate) member: AccountId,
    pub(crate) other_member: AccountId,
    pub(crate) manager: AccountId,
    pub(crate) officer: AccountId,
    pub(crate) admin: AccountId,
}

impl Bench {
    /// A committee with a station, two members, a department, and an account for everybody.
    pub(crate) async fn district(&self) -> People {
        let (db, at) = (self.state.db.reader(), monday());
        committee::Model {
            id: id(COMMITTEE),
            parent_id: None,
            name: "示例区政协".to_owned(),
            level: Level::District,
            created_at: at,
        }
        .into_active_model()
        .insert(db)
        .await
        .unwrap();
        let sector = sector::Model {
            id: id(6),
            committee_id: id(COMMITTEE),
            name: "医药卫生".to_owned(),
            sort: 1,
            created_at: at,
        };
        sector.into_active_model().insert(db).await.unwrap();
        station::Model {
            id: id(STATION),
            committee_id: id(COMMITTEE),
            kind: StationKind::Station,
            name: "示例街道委员工作站".to_owned(),
            address: "示例路1号".to_owned(),
            phone: None,
            opening_hours: None,
            lat: None,
            lng: None,
            service_area: None,
            notice: None,
            members_may_dispatch: true,
            answers_signed_off: false,
            closed_at: None,
            created_at: at,
        }
        .into_active_model()
        .insert(db)
        .await
        .unwrap();
        for (n, name) in [(MEMBER, "甲示例"), (OTHER_MEMBER, "乙示例")] {
            let member = member::Model {
                id: id(n),
                committee_id: id::<CommitteeId>(COMMITTEE),
                sector_id: id::<SectorId>(6),
                name: name.to_owned(),
                name_pinyin: String::new(),
                name_initials: String::new(),
                level: Level::District,
                post: None,
                bio: None,
                photo_id: None,
                capacity: 10,
                left_on: None,
                created_at: at,
            };
            member.into_active_model().insert(db).await.unwrap();
        }
        department::Model {
            id: id(DEPARTMENT),
            committee_id: id(COMMITTEE),
            name: "示例区城管局".to_owned(),
            closed_at: None,
            created_at: at,
        }
        .into_active_model()
        .insert(db)
        .await
        .unwrap();
        People {
            resident: self.account(None).await,
            member: self.account(Some((Role::Member, MEMBER))).await,
            other_member: self.account(Some((Role::Member, OTHER_MEMBER))).await,
            manager: self.account(Some((Role::StationManager, STATION))).await,
            officer: self.account(Some((Role::DepartmentOfficer, DEPARTMENT))).await,
            admin: self.account(Some((Role::CommitteeAdmin, COMMITTEE))).await,
        }
    }

    /// An account, with a role where one is given.
    pub(crate) async fn account(&self, role: Option<(Role, u128)>) -> AccountId {
        let (db, at) = (self.state.db.reader(), monday());
        let account = account::Model {
            id: self.state.ids.next(),
            state: AccountState::Active,
            display_name: None,
            created_at: at,
            erased_at: None,
        };
        let account = account.into_active_model().insert(db).await.unwrap();
        if let Some((role, scope)) = role {
            let binding = role_binding::Model {
                id: self.state.ids.next(),
                account_id: account.id,
                role,
                scope_id: id(scope),
                created_at: at,
                revoked_at: None,
            };
            binding.into_active_model().insert(db).await.unwrap();
        }
        account.id
    }

    /// Shuts an account.
    pub(crate) async fn disable(&self, id: AccountId) {
        let shut =
            account::ActiveModel { id: Set(id), state: Set(AccountState::Disabled), ..Default::default() };
        shut.update(self.state.db.reader()).await.unwrap();
    }

    /// A case in the hands of the first member, to be woken at `wake_at`.
    pub(crate) async fn case(&self, resident: Option<AccountId>, wake_at: Option<DateTime<Utc>>) -> CaseId {
        let at = monday();
        let id_of_case: CaseId = self.state.ids.next();
        let case = case::Model {
            id: id_of_case,
            committee_id: id(COMMITTEE),
            number: id_of_case.to_string(),
            state: State::InProgress,
            version: 1,
            event_seq: 0,
            station_id: id::<StationId>(STATION),
            member_id: Some(id::<MemberId>(MEMBER)),
            department_id: None,
            resident_id: resident,
            code_id: None,
            category_id: None,
            text: "楼道里堆了很多杂物".to_owned(),
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
            respond_by: at + TimeDelta::days(9),
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
            outcome: None,
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
            wake_at,
            figures_seq: 0,
            created_at: at,
            updated_at: at,
        };
        case::Entity::insert(case.into_active_model()).exec(self.state.db.reader()).await.unwrap();
        id_of_case
    }

    /// An event of a case.
    pub(crate) async fn event(&self, case_id: CaseId, seq: i32, kind: EventKind, actor: Option<AccountId>) {
        let body = EventBody {
            text: Some("只有当事人能看的话".to_owned()),
            department_id: (kind == EventKind::Dispatch).then(|| id::<DepartmentId>(DEPARTMENT)),
            member_id: (kind == EventKind::Reassign).then(|| id::<MemberId>(OTHER_MEMBER)),
            from_member_id: (kind == EventKind::Reassign).then(|| id::<MemberId>(MEMBER)),
            ..EventBody::default()
        };
        let event = case_event::Model {
            case_id,
            seq,
            kind,
            from_state: Some(State::InProgress),
            to_state: State::InProgress,
            party: Party::System,
            account_id: actor,
            body: serde_json::to_value(body).unwrap(),
            at: monday(),
        };
        case_event::Entity::insert(event.into_active_model()).exec(self.state.db.reader()).await.unwrap();
    }
}
