//! Who hears of what, and in which words.

use domain::case::EventKind;
use domain::ids::AccountId;

use super::{Audience, Facts, Reader, audience, list_messages, mark_read, notify_case, words};
use crate::testing::{Bench, People, bench};

fn facts() -> Facts {
    Facts {
        number: "381-0472-956".to_owned(),
        member: Some("甲示例".to_owned()),
        station: "示例街道委员工作站".to_owned(),
        department: None,
    }
}

#[test]
fn whoever_is_told_of_an_event_has_a_sentence_for_it() {
    for kind in EventKind::ALL {
        for reader in [Reader::Resident, Reader::Staff] {
            let told = audience(*kind).iter().any(|audience| audience.reader() == reader);
            assert_eq!(words(*kind, reader, &facts()).is_some(), told, "{kind} {}", reader.as_str());
        }
    }
}

#[test]
fn the_resident_is_told_of_nothing_that_he_may_not_see() {
    for kind in EventKind::ALL {
        assert!(!audience(*kind).contains(&Audience::Resident) || kind.is_public(), "{kind}");
    }
}

#[test]
fn every_sentence_ends_and_names_the_case() {
    for kind in EventKind::ALL {
        for reader in [Reader::Resident, Reader::Staff] {
            if let Some(words) = words(*kind, reader, &facts()) {
                assert!(words.text.ends_with('。') && words.text.contains("381-0472-956"), "{kind}");
            }
        }
    }
}

async fn told(bench: &Bench, people: People, kind: EventKind, actor: Option<AccountId>) -> Vec<&'static str> {
    let case_id = bench.case(Some(people.resident), None).await;
    bench.event(case_id, 1, kind, actor).await;
    notify_case(&bench.state, case_id, 1).await.unwrap();
    let everybody = [
        ("resident", people.resident),
        ("member", people.member),
        ("other member", people.other_member),
        ("manager", people.manager),
        ("officer", people.officer),
        ("admin", people.admin),
    ];
    let mut told = Vec::new();
    for (name, account_id) in everybody {
        let (messages, _) = list_messages(&bench.state, account_id, None, 100).await.unwrap();
        if messages.iter().any(|message| message.case_id == Some(case_id)) {
            told.push(name);
        }
    }
    told
}

#[tokio::test]
async fn each_event_reaches_those_whom_it_concerns() {
    let bench = bench().await;
    let people = bench.district().await;
    assert_eq!(told(&bench, people, EventKind::Respond, Some(people.member)).await, ["resident"]);
    assert_eq!(told(&bench, people, EventKind::Contest, None).await, ["member", "manager"]);
    let dispatched = told(&bench, people, EventKind::Dispatch, Some(people.manager)).await;
    assert_eq!(dispatched, ["resident", "member", "officer"]);
    let reassigned = told(&bench, people, EventKind::Reassign, Some(people.manager)).await;
    assert_eq!(reassigned, ["resident", "member", "other member"]);
    let supervised = told(&bench, people, EventKind::Supervised, None).await;
    assert_eq!(supervised, ["member", "manager", "admin"]);
    assert!(told(&bench, people, EventKind::Note, Some(people.manager)).await.is_empty());
}

#[tokio::test]
async fn whoever_did_it_and_whoever_may_not_log_in_is_left_out() {
    let bench = bench().await;
    let people = bench.district().await;
    assert_eq!(told(&bench, people, EventKind::Contest, Some(people.member)).await, ["manager"]);
    bench.disable(people.manager).await;
    bench.disable(people.resident).await;
    assert_eq!(told(&bench, people, EventKind::Contest, None).await, ["member"]);
    assert!(told(&bench, people, EventKind::Respond, None).await.is_empty());
}

#[tokio::test]
async fn telling_twice_makes_one_message_without_anybodys_words() {
    let bench = bench().await;
    let people = bench.district().await;
    let case_id = bench.case(Some(people.resident), None).await;
    bench.event(case_id, 1, EventKind::Respond, None).await;
    notify_case(&bench.state, case_id, 1).await.unwrap();
    notify_case(&bench.state, case_id, 1).await.unwrap();
    let (messages, unread) = list_messages(&bench.state, people.resident, None, 100).await.unwrap();
    assert_eq!((messages.len(), unread), (1, 1));
    let body = messages[0].body.to_string();
    assert!(!body.contains("只有当事人能看的话") && !body.contains("杂物"));
}

#[tokio::test]
async fn a_message_is_read_once_and_only_by_its_owner() {
    let bench = bench().await;
    let people = bench.district().await;
    let case_id = bench.case(Some(people.resident), None).await;
    bench.event(case_id, 1, EventKind::Respond, None).await;
    notify_case(&bench.state, case_id, 1).await.unwrap();
    let (messages, _) = list_messages(&bench.state, people.resident, None, 100).await.unwrap();
    let id = messages[0].id;
    assert!(!mark_read(&bench.state, people.member, id).await.unwrap());
    assert!(mark_read(&bench.state, people.resident, id).await.unwrap());
    assert!(mark_read(&bench.state, people.resident, id).await.unwrap());
    assert_eq!(list_messages(&bench.state, people.resident, None, 100).await.unwrap().1, 0);
}
