//! Who may invite whom, and what becomes of an invitation.

use std::sync::Arc;

use futures::future::join_all;
use uuid::Uuid;

use super::*;
use crate::service::stage::Stage;

fn new(role: Role, scope_id: Uuid) -> NewInvitation {
    NewInvitation { binding: Binding { role, scope_id }, life: TimeDelta::days(7), phone: None }
}

#[tokio::test]
async fn an_invitation_makes_one_account_what_it_says() {
    let stage = Stage::set().await;
    let committee = stage.committee(None).await;
    let station = stage.station(committee).await;
    let admin = stage.log_in_as("demo-admin", Role::CommitteeAdmin, committee.0).await;
    let manager = stage.log_in("demo-manager").await;

    let invitation = invite(&stage.app, &admin, new(Role::StationManager, station.0), None).await.unwrap();
    let bound = accept_code(&stage.app, manager.account.id, &invitation.code).await.unwrap();

    let expected = Binding { role: Role::StationManager, scope_id: station.0 };
    assert!(bound.roles.contains(&expected));
    assert!(stage.caller(&manager).await.bindings.contains(&expected));
    let again = accept_code(&stage.app, manager.account.id, &invitation.code).await.unwrap();
    assert_eq!(again, bound);
    let other = stage.log_in("demo-resident").await.account.id;
    let refused = accept_code(&stage.app, other, &invitation.code).await;
    assert!(matches!(refused, Err(InvitationError::Invalid(_))));
}

#[tokio::test]
async fn of_two_who_use_one_invitation_at_once_one_gets_it() {
    let stage = Stage::set().await;
    let committee = stage.committee(None).await;
    let admin = stage.log_in_as("demo-admin", Role::CommitteeAdmin, committee.0).await;
    let invitation = invite(&stage.app, &admin, new(Role::CommitteeAdmin, committee.0), None).await.unwrap();
    let mut accounts = Vec::new();
    for user in ["demo-resident", "demo-member", "demo-manager", "demo-officer"] {
        accounts.push(stage.log_in(user).await.account.id);
    }
    let results = join_all(accounts.iter().map(|id| accept_code(&stage.app, *id, &invitation.code))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
}

#[tokio::test]
async fn an_old_and_a_made_up_invitation_are_refused() {
    let stage = Stage::set().await;
    let committee = stage.committee(None).await;
    let admin = stage.log_in_as("demo-admin", Role::CommitteeAdmin, committee.0).await;
    let invitation = invite(&stage.app, &admin, new(Role::CommitteeAdmin, committee.0), None).await.unwrap();
    stage.advance(TimeDelta::days(7));
    for code in [invitation.code, InviteCode::parse("AAAA-AAAA-AAAA-AAAA").unwrap()] {
        let refused = accept_code(&stage.app, admin.account_id, &code).await;
        assert!(matches!(refused, Err(InvitationError::Invalid(_))));
    }
}

#[tokio::test]
async fn an_invited_number_is_enough_when_wechat_vouches_for_it() {
    let stage = Stage::set().await;
    let committee = stage.committee(None).await;
    let station = stage.station(committee).await;
    let member = stage.member(committee, station).await;
    let admin = stage.log_in_as("demo-admin", Role::CommitteeAdmin, committee.0).await;
    let phone = Phone::parse("+86 199-0000-0002");
    let invitation = NewInvitation { phone, ..new(Role::Member, member.0) };
    invite(&stage.app, &admin, invitation, None).await.unwrap();

    let by_phone = async |owner: &str, account: AccountId| {
        let code = PhoneCode::parse(&stage.sim().phone_code(owner).unwrap()).unwrap();
        accept_phone(&stage.app, account, &code).await
    };
    let resident = stage.log_in("demo-resident").await.account.id;
    assert!(matches!(by_phone("demo-resident", resident).await, Err(InvitationError::Invalid(_))));
    assert!(matches!(by_phone("demo-member", resident).await, Err(InvitationError::WeChat(_))));
    let invited = stage.log_in("demo-member").await.account.id;
    let bound = by_phone("demo-member", invited).await.unwrap();
    assert!(bound.roles.contains(&Binding { role: Role::Member, scope_id: member.0 }));
    assert_eq!(by_phone("demo-member", invited).await.unwrap(), bound);
}

#[tokio::test]
async fn nobody_gives_a_role_beyond_his_own_reach() {
    let stage = Stage::set().await;
    let city = stage.committee(None).await;
    let district = stage.committee(Some(city)).await;
    let (here, there) = (stage.station(district).await, stage.station(city).await);
    let (ours, theirs) = (stage.member(district, here).await, stage.member(city, there).await);
    let base = stage.log_in_as("demo-resident", Role::Member, ours.0).await;
    let with = |role, scope_id| Caller { bindings: Arc::from([Binding { role, scope_id }]), ..base.clone() };
    let outcome =
        async |caller: &Caller, role, scope_id| match invite(&stage.app, caller, new(role, scope_id), None)
            .await
        {
            Ok(_) => "ok",
            Err(InvitationError::NotAllowed) => "not allowed",
            Err(InvitationError::UnknownScope) => "unknown",
            Err(other) => panic!("{other:?}"),
        };
    use Role::{CommitteeAdmin, Member, Operator, Resident, StationManager};
    let above = with(CommitteeAdmin, city.0);
    let admin = with(CommitteeAdmin, district.0);
    let manager = with(StationManager, here.0);
    for (caller, role, scope, expected) in [
        (&above, StationManager, here.0, "ok"),
        (&above, CommitteeAdmin, district.0, "ok"),
        (&admin, Member, ours.0, "ok"),
        (&admin, CommitteeAdmin, city.0, "unknown"),
        (&admin, StationManager, there.0, "unknown"),
        (&admin, StationManager, ours.0, "unknown"),
        (&admin, Operator, district.0, "not allowed"),
        (&admin, Resident, district.0, "not allowed"),
        (&manager, Member, ours.0, "ok"),
        (&manager, Member, theirs.0, "unknown"),
        (&manager, StationManager, here.0, "not allowed"),
        (&base, Member, ours.0, "not allowed"),
    ] {
        assert_eq!(outcome(caller, role, scope).await, expected, "{:?} {role}", caller.bindings);
    }
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let code = InviteCode::parse("abcd-efgh 2345-6777").unwrap();
    assert_eq!(code.as_str(), "ABCDEFGH23456777");
    for bad in ["", "ABCDEFGH2345677", "ABCDEFGH234567778", "ABCDEFGH2345677!", &"A-".repeat(40)] {
        assert!(InviteCode::parse(bad).is_none(), "{bad}");
    }
}
