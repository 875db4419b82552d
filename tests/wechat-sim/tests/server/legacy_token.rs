//! `GET /cgi-bin/token`, and that it leaves the stable token alone.

use crate::client::{APPID, SECRET, Stage};

#[tokio::test]
async fn each_call_makes_a_new_token_and_gives_the_old_one_five_more_minutes() {
    let stage = Stage::set();
    let old = stage.legacy_token().await;
    let new = stage.legacy_token().await;
    assert_ne!(old, new);
    stage.advance(299);
    assert_eq!(stage.token_errcode(&old).await, None);
    stage.advance(1);
    assert_eq!(stage.token_errcode(&old).await, Some(40001));
    assert_eq!(stage.token_errcode(&new).await, None);
}

#[tokio::test]
async fn an_old_token_near_its_end_gets_no_extra_time() {
    let stage = Stage::set();
    let old = stage.legacy_token().await;
    stage.advance(7190);
    stage.legacy_token().await;
    stage.advance(10);
    assert_eq!(stage.token_errcode(&old).await, Some(40001));
}

#[tokio::test]
async fn the_two_kinds_of_token_do_not_disturb_each_other() {
    let stage = Stage::set();
    let stable = stage.stable_token().await;
    let legacy = stage.legacy_token().await;
    assert_ne!(stable, legacy);

    stage.legacy_token().await;
    stage.advance(300);
    assert_eq!(stage.token_errcode(&legacy).await, Some(40001));
    assert_eq!(stage.token_errcode(&stable).await, None);

    let legacy = stage.legacy_token().await;
    stage.stable_token_answer(true).await;
    assert_eq!(stage.token_errcode(&stable).await, Some(40001));
    assert_eq!(stage.token_errcode(&legacy).await, None);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_refused_with_its_own_number() {
    let stage = Stage::set();
    let table = [
        (format!("appid={APPID}&secret={SECRET}"), 40002),
        (format!("grant_type=client_credential&secret={SECRET}"), 41002),
        (format!("grant_type=client_credential&appid={APPID}"), 41004),
        (format!("grant_type=client_credential&appid=wxother&secret={SECRET}"), 40013),
        (format!("grant_type=client_credential&appid={APPID}&secret=wrong"), 40125),
    ];
    for (query, errcode) in table {
        let answer = stage.get(&format!("/cgi-bin/token?{query}")).await;
        assert_eq!(answer.errcode(), Some(errcode), "{query}");
    }
}

#[tokio::test]
async fn two_thousand_tokens_a_day_are_enough() {
    let stage = Stage::set();
    for _ in 0..2000 {
        stage.legacy_token().await;
    }
    let query = format!("grant_type=client_credential&appid={APPID}&secret={SECRET}");
    let refused = stage.get(&format!("/cgi-bin/token?{query}")).await;
    assert_eq!(refused.errcode(), Some(45009));
    assert!(refused.errmsg().starts_with("reach max api daily quota limit rid: "));
}
