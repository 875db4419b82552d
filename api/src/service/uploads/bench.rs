//! A running service without its HTTP side, for tests about pictures: a real database file and a
//! real folder.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{TimeZone, Utc};
use domain::case::State;
use domain::deadline::Stage;
use domain::ids::{AccountId, CaseId, UploadId};
use domain::vocabulary::{AccountState, Level, StationKind};
use entity::{account, case, committee, station, upload};
use image::codecs::png::PngEncoder;
use image::{Rgb, RgbImage};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};

use super::{ClaimError, UploadError, claim, receive};
use crate::clock::{Clock, ManualClock};
use crate::config::Config;
use crate::ids::Ids;
use crate::service::idempotency::{self, Answer};
use crate::startup::Application;
use crate::state::AppState;
use crate::store::Database;

/// A service without its HTTP side, in a folder that goes with it.
pub(crate) struct Bench {
    pub(crate) state: AppState,
    pub(crate) clock: Arc<ManualClock>,
    folder: PathBuf,
}

impl Bench {
    pub(crate) async fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mashangjian-uploads-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let layer = format!(
            r#"
            [server]
            port = 0
            public_url = "http://127.0.0.1:8080"
            [database]
            url = "sqlite://{0}/db?mode=rwc"
            [auth]
            keys = [{{ id = "a", secret = "a secret of thirty-two characters" }}]
            [secrets]
            code_keys = [{{ version = "A", secret = "a secret of thirty-two characters" }}]
            data_keys = [{{ id = 1, secret = "a secret of thirty-two characters" }}]
            [storage]
            path = "{0}/files"
            "#,
            folder.display()
        );
        let config = Config::from_toml(&[&layer]).unwrap();
        let db = Database::connect(&config.database).await.unwrap();
        Migrator::up(db.reader(), None).await.unwrap();
        db.close().await.unwrap();
        let start = Utc.with_ymd_and_hms(2026, 11, 22, 1, 0, 0).unwrap();
        let clock = Arc::new(ManualClock::starting_at(start));
        let ids = Ids::seeded(clock.clone(), 1);
        let state = Application::build(config, clock.clone(), ids).await.unwrap().state();
        Self { state, clock, folder }
    }

    pub(crate) async fn account(&self) -> AccountId {
        let row = account::Model {
            id: self.state.ids.next(),
            state: AccountState::Active,
            display_name: None,
            created_at: self.clock.now(),
            erased_at: None,
        };
        let id = row.id;
        row.into_active_model().reset_all().insert(self.state.db.reader()).await.unwrap();
        id
    }

    pub(crate) async fn send(
        &self,
        sender: Option<AccountId>,
        key: &str,
        content: Bytes,
    ) -> Result<Answer, UploadError> {
        let key = idempotency::Key::parse(key).unwrap();
        let admission = self.state.darkroom.admit(content.len()).await.unwrap();
        receive(&self.state, sender, key, content, admission).await
    }

    /// Sends a new picture and gives its id.
    pub(crate) async fn upload(&self, sender: Option<AccountId>, shade: u8) -> UploadId {
        let key = format!("{:x}", self.state.ids.draw());
        id_of(&self.send(sender, &key, photo(shade)).await.unwrap())
    }

    /// Claims and commits, or rolls back.
    pub(crate) async fn claim(
        &self,
        ids: &[UploadId],
        case_id: CaseId,
        by: Option<AccountId>,
    ) -> Result<(), ClaimError> {
        let transaction = self.state.db.begin().await.unwrap();
        claim(&transaction, ids, case_id, 1, by).await?;
        transaction.commit().await.unwrap();
        Ok(())
    }

    /// A case, so new that nothing has happened to it.
    pub(crate) async fn case(&self) -> CaseId {
        let db = self.state.db.reader();
        let created_at = self.clock.now();
        let committee = committee::Model {
            id: self.state.ids.next(),
            parent_id: None,
            name: "示例区政协".to_owned(),
            level: Level::District,
            created_at,
        };
        let station = station::Model {
            id: self.state.ids.next(),
            committee_id: committee.id,
            kind: StationKind::Station,
            name: "示例工作站".to_owned(),
            address: "示例路 1 号".to_owned(),
            phone: None,
            opening_hours: None,
            lat: None,
            lng: None,
            service_area: None,
            notice: None,
            members_may_dispatch: false,
            answers_signed_off: false,
            closed_at: None,
            created_at,
        };
        let case = case::ActiveModel {
            id: Set(self.state.ids.next()),
            committee_id: Set(committee.id),
            number: Set(self.state.ids.secret()),
            state: Set(State::Received),
            version: Set(1),
            event_seq: Set(1),
            station_id: Set(station.id),
            text: Set("路灯不亮".to_owned()),
            anonymous: Set(false),
            ticket_hash: Set(Vec::new()),
            routing: Set(serde_json::json!([])),
            respond_by: Set(created_at),
            stopped_total_s: Set(0),
            waited_total_s: Set(0),
            returns: Set(0),
            objections: Set(0),
            stage: Set(Stage::OnTime),
            escalation_level: Set(0),
            created_at: Set(created_at),
            updated_at: Set(created_at),
            ..Default::default()
        };
        committee.into_active_model().reset_all().insert(db).await.unwrap();
        station.into_active_model().reset_all().insert(db).await.unwrap();
        case.insert(db).await.unwrap().id
    }

    pub(crate) async fn rows(&self) -> u64 {
        upload::Entity::find().count(self.state.db.reader()).await.unwrap()
    }

    pub(crate) fn files(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
            entries.flatten().map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 }).sum()
        }
        count(&self.folder.join("files"))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn photo(shade: u8) -> Bytes {
    let mut file = Vec::new();
    let image = RgbImage::from_pixel(40, 30, Rgb([shade; 3]));
    image.write_with_encoder(PngEncoder::new(&mut file)).unwrap();
    file.into()
}

pub(crate) fn id_of(answer: &Answer) -> UploadId {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    body["id"].as_str().unwrap().parse().unwrap()
}
