//! Another committee beside the district: those who may know nothing of what happens there.

use domain::ids::{CodeId, CommitteeId, DepartmentId, MemberId, SectorId, StationId};
use domain::vocabulary::{CodeKind, CodeState, Level, StationKind};
use entity::{code, committee, department, member, member_station, sector, station};

use crate::App;

/// Who and what there is at the neighbours'.
#[derive(Debug, Clone)]
pub struct Neighbours {
    /// The committee; neither above nor below the district's.
    pub committee: CommitteeId,
    /// Its one station.
    pub station: StationId,
    /// The member who serves there.
    pub member: MemberId,
    /// Its one department.
    pub department: DepartmentId,
    /// The token of the station's code.
    pub code: String,
}

impl App {
    /// Builds the neighbours' committee.
    ///
    /// # Panics
    /// The database does not take it.
    pub async fn neighbours(&self) -> Neighbours {
        let (created_at, ids) = (self.now(), &self.state().ids);
        let (committee_id, sector_id): (CommitteeId, SectorId) = (ids.next(), ids.next());
        let (station_id, member_id): (StationId, MemberId) = (ids.next(), ids.next());
        let department_id: DepartmentId = ids.next();
        self.keep(committee::Model {
            id: committee_id,
            parent_id: None,
            name: "邻溪区政协".to_owned(),
            level: Level::District,
            created_at,
        })
        .await;
        let name = "教育".to_owned();
        self.keep(sector::Model { id: sector_id, committee_id, name, sort: 1, created_at }).await;
        self.keep(station_of(station_id, committee_id, created_at)).await;
        self.keep(member_of(member_id, committee_id, sector_id, created_at)).await;
        self.keep(member_station::Model { member_id, station_id }).await;
        let name = "邻溪区住建局".to_owned();
        self.keep(department::Model { id: department_id, committee_id, name, closed_at: None, created_at })
            .await;
        let code = self.state().code_keys.mint(ids.bytes()).to_string();
        self.keep(code_of(ids.next(), &code, committee_id, station_id, created_at)).await;
        Neighbours {
            committee: committee_id,
            station: station_id,
            member: member_id,
            department: department_id,
            code,
        }
    }
}

type Time = chrono::DateTime<chrono::Utc>;

fn station_of(id: StationId, committee_id: CommitteeId, created_at: Time) -> station::Model {
    station::Model {
        id,
        committee_id,
        kind: StationKind::Station,
        name: "邻溪街道委员工作站".to_owned(),
        address: "邻溪街道一楼".to_owned(),
        phone: None,
        opening_hours: None,
        lat: Some(29.5),
        lng: Some(106.5),
        service_area: None,
        notice: None,
        members_may_dispatch: false,
        answers_signed_off: false,
        closed_at: None,
        created_at,
    }
}

fn member_of(
    id: MemberId,
    committee_id: CommitteeId,
    sector_id: SectorId,
    created_at: Time,
) -> member::Model {
    member::Model {
        id,
        committee_id,
        sector_id,
        name: "丁远帆".to_owned(),
        name_pinyin: "dingyuanfan".to_owned(),
        name_initials: "dyf".to_owned(),
        level: Level::District,
        post: None,
        bio: None,
        photo_id: None,
        capacity: 10,
        left_on: None,
        created_at,
    }
}

fn code_of(
    id: CodeId,
    token: &str,
    committee_id: CommitteeId,
    station_id: StationId,
    created_at: Time,
) -> code::Model {
    code::Model {
        id,
        token: token.to_owned(),
        committee_id,
        kind: CodeKind::Station,
        station_id,
        member_id: None,
        state: CodeState::Live,
        placed_at: None,
        batch: None,
        scan_count: 0,
        replacement_id: None,
        revoked_reason: None,
        revoked_at: None,
        created_at,
    }
}
