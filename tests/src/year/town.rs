//! The town: four stations with six members each, three departments, and those who look after them. The
//! last station's manager signs answers off.

use domain::ids::{DepartmentId, MemberId, StationId};
use domain::role::Role;
use serde_json::json;

use crate::district::id;
use crate::{App, Person};

const SURNAMES: [&str; 8] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"];
const MEMBERS_A_STATION: usize = 6;

/// A station with those who work there; the strings are the names they log in by.
pub(super) struct Place {
    pub(super) station: StationId,
    pub(super) code: String,
    pub(super) manager: String,
    pub(super) members: Vec<(MemberId, String)>,
    /// Whether the manager sees answers before the residents do.
    pub(super) is_signing: bool,
}

/// All of it.
pub(super) struct Town {
    pub(super) places: Vec<Place>,
    pub(super) departments: Vec<(DepartmentId, String)>,
}

impl Town {
    /// Builds it around the district of the stories.
    pub(super) async fn built(app: &App) -> Self {
        let district = app.district().await;
        app.staff("admin", Role::CommitteeAdmin, district.committee.0).await;
        let mut stations = vec![(district.station, district.code), (district.other_station, String::new())];
        for (n, name) in [(30_u8, "东门社区委员工作室"), (31, "河西镇委员联络站")] {
            stations.push((app.station(n.into(), name, f64::from(n) / 10.0).await, String::new()));
        }
        let mut places = Vec::new();
        for (n, (station, code)) in (0_u8..).zip(stations) {
            let code = match code.as_str() {
                "" => app.code(40 + n, district.committee, station, None).await,
                _ => code,
            };
            places.push(Place::staffed(app, n, station, code).await);
        }
        let admin = app.person("admin").await;
        let last = places.last_mut().expect("four stations");
        last.signs_off(app, &admin).await;
        let second = app.department(district.committee, "青禾区住建局").await;
        let third = app.department(district.committee, "青禾区水务局").await;
        let mut departments = Vec::new();
        for (n, department) in [district.department, second, third].into_iter().enumerate() {
            let officer = format!("officer-{n}");
            app.staff(&officer, Role::DepartmentOfficer, department.0).await;
            departments.push((department, officer));
        }
        Self { places, departments }
    }
}

impl Place {
    async fn staffed(app: &App, n: u8, station: StationId, code: String) -> Self {
        let manager = format!("manager-{n}");
        app.staff(&manager, Role::StationManager, station.0).await;
        let mut members = Vec::new();
        for (m, surname) in (0_u8..).zip(SURNAMES.iter().take(MEMBERS_A_STATION)) {
            let (name, login) = (format!("{surname}示例{n}"), format!("member-{n}-{m}"));
            let member =
                app.member(u128::from(60 + n * 10 + m), &name, id(u128::from(2 + m % 2)), &[station]).await;
            app.staff(&login, Role::Member, member.0).await;
            members.push((member, login));
        }
        Self { station, code, manager, members, is_signing: false }
    }

    async fn signs_off(&mut self, app: &App, admin: &Person) {
        let path = format!("/api/v1/stations/{}", self.station);
        let change = json!({ "answers_signed_off": true });
        app.patch(&path).bearer(&admin.token).json(&change).await.expect_status(200);
        self.is_signing = true;
    }
}
