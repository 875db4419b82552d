//! Faults, as the client sees them, and whether the work was done.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use wechat_sim::{Fault, FaultKind, Moment};

use crate::client::{APPID, SECRET, Stage, client};

const LOGIN: &str = "/sns/jscode2session";
const TOKEN: &str = "/cgi-bin/stable_token";

/// Sends a login into a fault; gives what came back, and what the same code answers afterwards.
async fn log_in_through(kind: FaultKind) -> (reqwest::Result<crate::client::Answer>, Option<i64>) {
    let stage = Stage::set();
    let js_code = stage.sim().login("demo-resident").unwrap();
    stage.sim().order(Fault::once(LOGIN, kind)).unwrap();
    let struck = stage.try_send(Method::GET, &Stage::code_to_session_path(&js_code), "").await;
    let after = stage.code_to_session(&js_code).await.errcode();
    assert_eq!(stage.sim().calls(LOGIN), 2, "no call was repeated behind our back");
    assert_eq!(stage.sim().faults(), []);
    (struck, after)
}

const UNUSED: Option<i64> = None;
const USED: Option<i64> = Some(40163);

#[tokio::test]
async fn drop_before_closes_the_connection_with_the_work_not_done() {
    let (struck, after) = log_in_through(FaultKind::DropBefore).await;
    assert!(struck.err().unwrap().is_request());
    assert_eq!(after, UNUSED);
}

#[tokio::test]
async fn drop_after_closes_the_connection_with_the_work_done() {
    let (struck, after) = log_in_through(FaultKind::DropAfter).await;
    assert!(struck.err().unwrap().is_request());
    assert_eq!(after, USED);
}

#[tokio::test]
async fn a_connection_that_was_used_before_is_dropped_all_the_same() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    stage.sim().order(Fault::once(TOKEN, FaultKind::DropAfter)).unwrap();
    let body = json!({ "grant_type": "client_credential", "appid": APPID, "secret": SECRET });
    assert!(stage.try_send(Method::POST, TOKEN, body.to_string()).await.is_err());
    assert_eq!(stage.stable_token().await, token);
    assert_eq!(stage.sim().calls(TOKEN), 3);
}

#[tokio::test]
async fn an_errcode_comes_in_the_dress_of_its_api_with_the_work_not_done() {
    let (struck, after) = log_in_through(FaultKind::Errcode(-1)).await;
    let answer = struck.unwrap();
    assert_eq!((answer.status, answer.content_type.as_str()), (200, "text/plain"));
    assert_eq!(answer.errcode(), Some(-1));
    assert!(answer.errmsg().starts_with("system error, rid: "));
    assert_eq!(after, UNUSED);
}

#[tokio::test]
async fn garbage_is_no_json() {
    let (struck, after) = log_in_through(FaultKind::Garbage).await;
    let answer = struck.unwrap();
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
    assert_eq!(after, USED);
}

#[tokio::test]
async fn a_bad_gateway_answers_a_page() {
    let (struck, after) = log_in_through(FaultKind::Http502).await;
    let answer = struck.unwrap();
    assert_eq!((answer.status, answer.content_type.as_str()), (502, "text/html"));
    assert!(answer.text.starts_with("<html>"));
    assert_eq!(after, USED);
}

#[tokio::test]
async fn an_empty_answer_has_no_body() {
    let (struck, after) = log_in_through(FaultKind::Empty).await;
    let answer = struck.unwrap();
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(after, USED);
}

#[tokio::test]
async fn a_truncated_answer_begins_as_the_true_one() {
    let (struck, after) = log_in_through(FaultKind::Truncated).await;
    let answer = struck.unwrap();
    assert!(answer.text.starts_with('{') && !answer.text.ends_with('}'), "{}", answer.text);
    assert_eq!(after, USED);
}

#[tokio::test]
async fn a_json_api_can_call_its_answer_plain_text() {
    let stage = Stage::set();
    stage.sim().order(Fault::once(TOKEN, FaultKind::TextPlain)).unwrap();
    let answer = stage.stable_token_answer(false).await;
    assert_eq!(answer.content_type, "text/plain");
    assert_eq!(answer.json()["expires_in"], 7200);
}

#[tokio::test]
async fn extra_fields_leave_the_true_ones_alone() {
    let (struck, _) = log_in_through(FaultKind::ExtraFields).await;
    let answer = struck.unwrap();
    assert_eq!(answer.field("session_key").len(), 24);
    assert_eq!(answer.json()["sim_big"], 3_248_682_510_344_192_008_u64);
}

#[tokio::test]
async fn a_slow_answer_finds_its_client_gone_and_the_work_is_done() {
    let stage = Stage::set();
    let js_code = stage.sim().login("demo-resident").unwrap();
    stage.sim().order(Fault::once(LOGIN, FaultKind::Slow(Duration::from_secs(60)))).unwrap();
    let url = stage.url(&Stage::code_to_session_path(&js_code));
    let impatient = tokio::spawn(client().get(url).send());
    while !stage.sim().faults().is_empty() {
        tokio::task::yield_now().await;
    }
    impatient.abort();
    assert!(impatient.await.err().unwrap().is_cancelled(), "no answer had come");
    assert_eq!(stage.code_to_session(&js_code).await.errcode(), USED);
}

#[tokio::test]
async fn a_slow_answer_is_the_true_one() {
    let stage = Stage::set();
    stage.sim().order(Fault::once(TOKEN, FaultKind::Slow(Duration::from_millis(50)))).unwrap();
    let started = Instant::now();
    assert_eq!(stage.stable_token_answer(false).await.json()["expires_in"], 7200);
    assert!(started.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_fault_strikes_the_nth_call_as_often_as_ordered() {
    let stage = Stage::set();
    stage.sim().order(Fault::once(TOKEN, FaultKind::Errcode(45009)).after(1).times(2)).unwrap();
    let mut errcodes = Vec::new();
    for _ in 0..4 {
        errcodes.push(stage.stable_token_answer(false).await.errcode());
    }
    assert_eq!(errcodes, [None, Some(45009), Some(45009), None]);
}

#[tokio::test]
async fn a_fault_for_ever_lasts_until_it_is_cleared() {
    let stage = Stage::set();
    stage.sim().order(Fault::once(TOKEN, FaultKind::Errcode(-1)).forever()).unwrap();
    for _ in 0..5 {
        assert_eq!(stage.stable_token_answer(false).await.errcode(), Some(-1));
    }
    stage.sim().clear_faults();
    assert_eq!(stage.stable_token_answer(false).await.errcode(), None);
}

#[tokio::test]
async fn an_errcode_and_a_bad_gateway_can_come_after_the_work_and_before_it() {
    for (kind, moment, after) in [
        (FaultKind::Errcode(-1), Moment::After, USED),
        (FaultKind::Http502, Moment::Before, UNUSED),
        (FaultKind::Empty, Moment::Before, UNUSED),
        (FaultKind::Garbage, Moment::Before, UNUSED),
    ] {
        let stage = Stage::set();
        let js_code = stage.sim().login("demo-resident").unwrap();
        stage.sim().order(Fault::once(LOGIN, kind.clone()).at(moment)).unwrap();
        let struck = stage.code_to_session(&js_code).await;
        assert!(!struck.text.contains("session_key"), "{kind:?}");
        assert_eq!(stage.code_to_session(&js_code).await.errcode(), after, "{kind:?}");
    }
    let stage = Stage::set();
    let cut_before = Fault::once(LOGIN, FaultKind::Truncated).at(Moment::Before);
    assert!(stage.sim().order(cut_before).is_err(), "there is no true answer to cut");
}

#[tokio::test]
async fn a_superseded_token_is_dead_for_the_call_that_it_came_with() {
    let stage = Stage::set();
    let token = stage.stable_token().await;
    let path = "/wxa/generate_urllink";
    stage.sim().order(Fault::once(path, FaultKind::TokenSuperseded)).unwrap();
    let body = json!({ "expire_type": 1, "expire_interval": 1 });
    let struck = stage.post(&format!("{path}?access_token={token}"), body.clone()).await;
    assert_eq!(struck.errcode(), Some(40001));
    let new = stage.stable_token().await;
    assert_ne!(new, token);
    assert_eq!(stage.post(&format!("{path}?access_token={new}"), body).await.errcode(), Some(0));
}

#[tokio::test]
async fn a_compressed_answer_says_so_and_is_the_true_one() {
    let stage = Stage::set();
    stage.sim().order(Fault::once(TOKEN, FaultKind::Gzip)).unwrap();
    let body = json!({ "grant_type": "client_credential", "appid": APPID, "secret": SECRET });
    let response = client().post(stage.url(TOKEN)).body(body.to_string()).send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let bytes = response.bytes().await.unwrap();
    let answer: serde_json::Value =
        serde_json::from_reader(flate2::read::GzDecoder::new(&bytes[..])).unwrap();
    assert_eq!(answer["expires_in"], 7200);
}

#[tokio::test]
async fn a_huge_number_comes_beside_the_true_members() {
    let (struck, _) = log_in_through(FaultKind::HugeNumber).await;
    let answer = struck.unwrap();
    assert_eq!(answer.field("session_key").len(), 24);
    assert_eq!(answer.json()["msgid"], 3_248_682_510_344_192_008_u64);
}
