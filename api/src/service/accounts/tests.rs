//! What somebody sees of himself, and what is left when he goes.

use domain::ids::CommitteeId;
use domain::role::Role;
use entity::message;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::*;
use crate::auth::Caller;
use crate::error::ErrorCode;
use crate::service::case_view::CONTACT_CONTEXT;
use crate::service::stage::Stage;

async fn case_of(stage: &Stage, resident: AccountId, committee: CommitteeId) -> CaseId {
    let station_id = stage.station(committee).await;
    let (id, now) = (stage.app.ids.next(), stage.now());
    let contact = br#"{"phone":"19900000001"}"#;
    let contact = stage.app.sealer.seal(&stage.app.ids, CONTACT_CONTEXT, contact).unwrap();
    stage
        .insert(case::Model {
            id,
            committee_id: committee,
            number: "K7T2".to_owned(),
            state: State::Received,
            version: 1,
            event_seq: 2,
            station_id,
            member_id: None,
            department_id: None,
            resident_id: Some(resident),
            code_id: None,
            category_id: None,
            text: "路灯不亮".to_owned(),
            lat: Some(30.0),
            lng: Some(120.0),
            place_name: None,
            place_address: None,
            contact_sealed: Some(contact),
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
            outcome: None,
            second_look: None,
            second_look_at: None,
            second_look_by: None,
            returns: 0,
            objections: 0,
            stage: domain::deadline::Stage::OnTime,
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
    for (seq, kind) in [(1, EventKind::Created), (2, EventKind::Note)] {
        stage
            .insert(case_event::Model {
                case_id: id,
                seq,
                kind,
                from_state: None,
                to_state: State::Received,
                party: Party::Resident,
                account_id: Some(resident),
                body: serde_json::json!({ "text": "words" }),
                at: now,
            })
            .await;
    }
    id
}

#[tokio::test]
async fn a_profile_names_what_its_roles_are_for() {
    let stage = Stage::set().await;
    let committee = stage.committee(None).await;
    let caller = stage.log_in_as("demo-admin", Role::CommitteeAdmin, committee.0).await;
    let profile = show(&stage.app, caller.account_id).await.unwrap();
    let names: Vec<_> = profile.roles.iter().map(|(role, name)| (role.role, name.as_deref())).collect();
    assert_eq!(names, [(Role::Resident, None), (Role::CommitteeAdmin, Some("测试区政协"))]);
}

#[tokio::test]
async fn an_export_has_ones_own_cases_without_what_staff_noted() {
    let stage = Stage::set().await;
    let session = stage.log_in("demo-resident").await;
    let committee = stage.committee(None).await;
    case_of(&stage, session.account.id, committee).await;

    let export = export(&stage.app, session.account.id).await.unwrap();

    assert_eq!(export.identities.len(), 1);
    assert_eq!(export.cases[0].text, "路灯不亮");
    let contact = export.cases[0].contact.as_ref().unwrap();
    assert_eq!(contact.phone.as_deref(), Some("19900000001"));
    let events: Vec<EventKind> = export.cases[0].events.iter().map(|event| event.kind).collect();
    assert_eq!(events, [EventKind::Created]);
    let stranger = stage.log_in("demo-member").await.account.id;
    assert!(super::export(&stage.app, stranger).await.unwrap().cases.is_empty());
}

#[tokio::test]
async fn who_is_erased_leaves_his_cases_and_nothing_of_himself() {
    let stage = Stage::set().await;
    let session = stage.log_in("demo-resident").await;
    let id = session.account.id;
    stage.give(id, Role::Member, Uuid::from_u128(7)).await;
    let committee = stage.committee(None).await;
    let case_id = case_of(&stage, id, committee).await;
    stage
        .insert(message::Model {
            id: stage.app.ids.next(),
            case_id,
            event_seq: 1,
            account_id: id,
            template: "created.resident".to_owned(),
            body: serde_json::json!({ "title": "已登记", "text": "您反映的情况已登记。" }),
            read_at: None,
            created_at: stage.now(),
        })
        .await;

    erase(&stage.app, id).await.unwrap();

    let db = stage.app.db.reader();
    let case = case::Entity::find_by_id(case_id).one(db).await.unwrap().unwrap();
    assert_eq!((case.resident_id, case.contact_sealed, case.text.as_str()), (None, None, "路灯不亮"));
    let account = accounts::find(db, id).await.unwrap().unwrap();
    assert_eq!((account.state, account.erased_at), (AccountState::Erased, Some(stage.now())));
    assert!(message::Entity::find().all(db).await.unwrap().is_empty());
    assert!(accounts::list_bindings(db, id).await.unwrap().is_empty());
    let refused = Caller::authenticate(&stage.app, &session.access_token).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::AccountDisabled);
    assert!(crate::service::sessions::refresh(&stage.app, &session.refresh_token).await.is_err());
    assert!(matches!(erase(&stage.app, id).await, Err(AccountError::Gone)));
    let newcomer = stage.log_in("demo-resident").await.account;
    assert_ne!(newcomer.id, id);
    assert_eq!(newcomer.roles.len(), 1);
}
