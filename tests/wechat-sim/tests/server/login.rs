//! `GET /sns/jscode2session`.

use wechat_sim::{Fault, FaultKind, UserSpec, openid_of};

use crate::client::{APPID, SECRET, Stage};

const PATH: &str = "/sns/jscode2session";

#[tokio::test]
async fn a_code_gives_the_openid_and_a_session_key_as_plain_text_without_errcode() {
    let stage = Stage::set();
    let js_code = stage.sim().login("demo-resident").unwrap();
    let answer = stage.code_to_session(&js_code).await;

    assert_eq!((answer.status, answer.content_type.as_str()), (200, "text/plain"));
    assert_eq!(answer.field("openid"), openid_of("demo-resident"));
    assert_eq!(answer.field("session_key").len(), 24);
    assert_eq!(answer.json().as_object().unwrap().len(), 2, "neither errcode nor unionid");
}

#[tokio::test]
async fn a_user_of_an_open_platform_account_also_has_a_unionid() {
    let stage = Stage::set();
    let spec = UserSpec { user: "wang".into(), unionid: Some("ounion".into()), ..UserSpec::default() };
    stage.sim().put_user(spec).unwrap();
    let js_code = stage.sim().login("wang").unwrap();
    assert_eq!(stage.code_to_session(&js_code).await.field("unionid"), "ounion");
}

#[tokio::test]
async fn a_code_works_once() {
    let stage = Stage::set();
    let js_code = stage.sim().login("demo-resident").unwrap();
    stage.code_to_session(&js_code).await.field("openid");
    let again = stage.code_to_session(&js_code).await;
    assert_eq!(again.content_type, "text/plain");
    assert_eq!(again.errcode(), Some(40163));
    assert!(again.errmsg().starts_with("code been used, rid: "), "{}", again.errmsg());
}

#[tokio::test]
async fn a_code_lives_five_minutes() {
    let stage = Stage::set();
    let (early, late) =
        (stage.sim().login("demo-resident").unwrap(), stage.sim().login("demo-resident").unwrap());
    stage.advance(299);
    assert_eq!(stage.code_to_session(&early).await.errcode(), None);
    stage.advance(1);
    assert_eq!(stage.code_to_session(&late).await.errcode(), Some(40029));
}

#[tokio::test]
async fn codes_that_are_unknown_of_another_app_or_of_the_phone_button_are_invalid() {
    let stage = Stage::set();
    let codes = [
        "0madeup".to_owned(),
        stage.sim().login_elsewhere("demo-resident", "wxother").unwrap(),
        stage.sim().phone_code("demo-resident").unwrap(),
    ];
    for code in codes {
        let answer = stage.code_to_session(&code).await;
        assert_eq!(answer.errcode(), Some(40029), "{code}");
        assert!(answer.errmsg().starts_with("invalid code, rid: "), "{}", answer.errmsg());
    }
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_refused_with_its_own_number_and_leaves_the_code_unused() {
    let stage = Stage::set();
    let js_code = stage.sim().login("demo-resident").unwrap();
    let grant = "grant_type=authorization_code";
    let table = [
        (format!("secret={SECRET}&js_code={js_code}&{grant}"), 41002, "appid missing, rid: "),
        (format!("appid={APPID}&js_code={js_code}&{grant}"), 41004, "appsecret missing, rid: "),
        (format!("appid={APPID}&secret={SECRET}&{grant}"), 41008, "missing code, rid: "),
        (format!("appid=wxother&secret={SECRET}&js_code={js_code}&{grant}"), 40013, "invalid appid, rid: "),
        (format!("appid={APPID}&secret=x&js_code={js_code}&{grant}"), 40125, "invalid appsecret, rid: "),
        (format!("appid={APPID}&secret={SECRET}&js_code={js_code}"), 40002, "invalid grant_type, rid: "),
    ];
    for (query, errcode, errmsg) in table {
        let answer = stage.get(&format!("{PATH}?{query}")).await;
        assert_eq!(answer.errcode(), Some(errcode), "{query}");
        assert!(answer.errmsg().starts_with(errmsg), "{}", answer.errmsg());
    }
    assert_eq!(stage.code_to_session(&js_code).await.errcode(), None);
}

#[tokio::test]
async fn a_user_of_the_highest_risk_is_blocked_and_others_are_not() {
    let stage = Stage::set();
    for (rank, errcode) in [(3, None), (4, Some(40226))] {
        stage.sim().set_risk("demo-resident", rank).unwrap();
        let js_code = stage.sim().login("demo-resident").unwrap();
        assert_eq!(stage.code_to_session(&js_code).await.errcode(), errcode);
    }
}

#[tokio::test]
async fn one_user_may_log_in_a_hundred_times_a_minute_without_harm_to_others() {
    let stage = Stage::set();
    for _ in 0..100 {
        let js_code = stage.sim().login("demo-resident").unwrap();
        assert_eq!(stage.code_to_session(&js_code).await.errcode(), None);
    }
    let js_code = stage.sim().login("demo-resident").unwrap();
    assert_eq!(stage.code_to_session(&js_code).await.errcode(), Some(45011));
    let other = stage.sim().login("demo-member").unwrap();
    assert_eq!(stage.code_to_session(&other).await.errcode(), None);

    stage.advance(60);
    assert_eq!(stage.code_to_session(&js_code).await.errcode(), None, "the limit left the code unused");
}

#[tokio::test]
async fn a_code_is_used_up_even_when_the_answer_is_lost() {
    let stage = Stage::set();
    let js_code = stage.sim().login("demo-resident").unwrap();
    stage.sim().order(Fault::once(PATH, FaultKind::DropAfter)).unwrap();
    let lost = stage.try_send(reqwest::Method::GET, &Stage::code_to_session_path(&js_code), "").await;
    assert!(lost.is_err());
    assert_eq!(stage.code_to_session(&js_code).await.errcode(), Some(40163));
}

#[tokio::test]
async fn logging_in_is_a_visit() {
    let stage = Stage::set();
    assert_eq!(stage.sim().user("demo-resident").unwrap().last_visit_at, None);
    stage.advance(60);
    stage.sim().login("demo-resident").unwrap();
    assert_eq!(stage.sim().user("demo-resident").unwrap().last_visit_at, Some(stage.sim().now()));
}
