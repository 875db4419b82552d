//! What is promised of codes: who makes, lists and revokes them, and what they lead to.

use domain::role::Role;
use uuid::Uuid;

use super::*;
use crate::service::code_lists::{CodeMember, list_station_codes};
use crate::store::district::District;

fn placement() -> Placement {
    Placement {
        placed_at: Some(Place::parse("一楼大厅").unwrap()),
        batch: Some(Name::parse("2026 秋").unwrap()),
    }
}

#[tokio::test]
async fn a_station_is_run_by_its_manager_and_the_admins_of_its_committee_and_above() {
    // given a city above the district, another district beside it, and a station in each district
    let district = District::found().await;
    let city = district.add_committee("示例市政协", None).await;
    let below = district.add_committee("示例二区政协", Some(city)).await;
    let beside = district.add_committee("示例三区政协", Some(city)).await;
    let station = district.add_station_with("二区工作站", |row| row.committee_id = below).await;
    let nothing = StationId(Uuid::from_u128(1));

    // when, then
    for (role, scope, may) in [
        (Role::StationManager, station.0, true),
        (Role::StationManager, district.station.0, false),
        (Role::CommitteeAdmin, below.0, true),
        (Role::CommitteeAdmin, city.0, true),
        (Role::CommitteeAdmin, beside.0, false),
        (Role::CommitteeAdmin, district.committee.0, false),
        (Role::Member, station.0, false),
        (Role::DepartmentOfficer, station.0, false),
        (Role::Operator, Uuid::nil(), false),
        (Role::Resident, station.0, false),
    ] {
        let caller = district.caller(&[(role, scope)]);
        let allowed = manages_station(&district.state, &caller, station).await;
        assert_eq!(allowed.is_ok(), may, "{role}");
        assert!(may || matches!(allowed, Err(AuthorityError::Unknown)));
        assert!(manages_station(&district.state, &caller, nothing).await.is_err());
        let issued = issue_station_code(&district.state, &caller, station, placement(), None).await;
        assert_eq!(issued.is_ok(), may, "{role}");
    }
}

#[tokio::test]
async fn a_new_code_can_be_scanned_at_once_and_stands_in_the_list() {
    let district = District::found().await;
    let member = district.add_member("甲一明").await;
    let manager = district.manager();
    let (state, station) = (&district.state, district.station);

    let first = issue_station_code(state, &manager, station, placement(), None).await.unwrap();
    let second = issue_member_code(state, &manager, member, None, Placement::default(), None).await.unwrap();
    let token = state.code_keys.read(&first.url).unwrap();
    crate::service::scanning::scan(state, &token).await.unwrap();
    crate::service::scan_counter::flush(state).await.unwrap();

    assert_eq!(first.url, format!("https://m.example.org/c/{}", first.token));
    assert_eq!((first.placed_at.as_deref(), first.batch.as_deref()), (Some("一楼大厅"), Some("2026 秋")));
    let listed = list_station_codes(state, &manager, station, None, (None, 10)).await.unwrap();
    let tokens: Vec<&str> = listed.iter().map(|code| code.token.as_str()).collect();
    assert_eq!(tokens, [second.token.as_str(), first.token.as_str()]);
    assert_eq!(listed[0].member, Some(CodeMember { id: member, name: "甲一明".to_owned() }));
    assert_eq!((listed[1].scan_count, listed[1].url.as_str()), (1, first.url.as_str()));
}

#[tokio::test]
async fn pages_of_codes_have_no_gap_and_no_code_twice() {
    let district = District::found().await;
    let mut made = Vec::new();
    for _ in 0..7 {
        made.insert(0, district.add_code(None).await.token);
    }
    for size in 1..=8_u64 {
        let (mut seen, mut last) = (Vec::new(), None);
        loop {
            let page = list_station_codes(
                &district.state,
                &district.manager(),
                district.station,
                None,
                (last, size),
            )
            .await;
            let page = page.unwrap();
            let Some(end) = page.last() else { break };
            last = Some(end.id);
            seen.extend(page.into_iter().map(|code| code.token));
        }
        assert_eq!(seen, made, "{size} a page");
    }
}

#[tokio::test]
async fn a_members_code_hangs_at_a_station_that_the_member_serves_and_the_caller_runs() {
    let district = District::found().await;
    let member = district.add_member("甲一明").await;
    let other = district.add_station("另一个工作站").await;
    let gone =
        district.add_member_with("乙二明", |row| row.left_on = Some("2026-01-01".parse().unwrap())).await;
    let admin = district.caller(&[(Role::CommitteeAdmin, district.committee.0)]);
    let stranger = district.caller(&[(Role::StationManager, other.0)]);
    let issue = async |caller: &Caller, member, station| {
        issue_member_code(&district.state, caller, member, station, Placement::default(), None).await
    };

    assert!(issue(&admin, member, Some(district.station)).await.is_ok());
    assert!(matches!(issue(&admin, member, Some(other)).await, Err(CodesError::NotServing)));
    assert!(matches!(issue(&stranger, member, None).await, Err(CodesError::Unknown)));
    assert!(matches!(issue(&stranger, member, Some(district.station)).await, Err(CodesError::Unknown)));
    assert!(matches!(issue(&admin, gone, None).await, Err(CodesError::Unknown)));
    assert!(matches!(issue(&admin, MemberId(Uuid::nil()), None).await, Err(CodesError::Unknown)));
}

#[tokio::test]
async fn a_code_is_revoked_by_who_runs_its_station_and_replaced_by_another_that_works() {
    let district = District::found().await;
    let [code, other, dead] =
        [district.add_code(None).await, district.add_code(None).await, district.add_code(None).await];
    let (manager, resident) = (district.manager(), district.caller(&[]));
    let reason = Reason::parse("重新印刷").unwrap();
    let never_issued = district.state.code_keys.mint([9; 5]).to_string();
    let revoke = async |caller: &Caller, token: &str, replacement: Option<&str>| {
        revoke(&district.state, caller, token, &reason, replacement).await
    };
    revoke(&manager, &dead.token, None).await.unwrap();

    for token in [code.token.as_str(), never_issued.as_str(), "A000000000000000"] {
        assert!(matches!(revoke(&resident, token, None).await, Err(CodesError::UnknownCode)));
    }
    for bad in [code.token.as_str(), dead.token.as_str(), never_issued.as_str(), "nonsense"] {
        let refused = revoke(&manager, &code.token, Some(bad)).await;
        assert!(matches!(refused, Err(CodesError::BadReplacement(_))), "{bad}");
    }
    assert_eq!(district.code(code.id).await.state, CodeState::Live);

    let revoked = revoke(&manager, &code.token, Some(&other.token)).await.unwrap();
    assert_eq!(revoked.replacement.map(|code| code.token), Some(other.token.clone()));
    let row = district.code(code.id).await;
    assert_eq!((row.state, row.replacement_id), (CodeState::Revoked, Some(other.id)));
    assert_eq!(row.revoked_reason.as_deref(), Some("重新印刷"));

    // Two codes never lead to each other.
    let back = revoke(&manager, &other.token, Some(&code.token)).await;
    assert!(matches!(back, Err(CodesError::BadReplacement(_))));
}

#[tokio::test]
async fn a_replacement_must_be_a_code_that_the_caller_runs_too() {
    let district = District::found().await;
    let elsewhere = district.add_station("另一个工作站").await;
    let code = district.add_code(None).await;
    let there = district.caller(&[(Role::StationManager, elsewhere.0)]);
    let foreign =
        issue_station_code(&district.state, &there, elsewhere, Placement::default(), None).await.unwrap();
    let reason = Reason::parse("搬迁").unwrap();

    let refused =
        revoke(&district.state, &district.manager(), &code.token, &reason, Some(&foreign.token)).await;

    assert!(matches!(refused, Err(CodesError::BadReplacement(_))));
}
