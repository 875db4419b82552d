//! The client against the simulator, over HTTP.

mod apps;
mod calls;
mod errcodes;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use wechat_sim::{
    ClockMode, Fault, FaultKind, RunningSimulator, SimHandle, SimOptions, Simulator, openid_of,
};

use super::*;
use crate::clock::ManualClock;
use crate::config;

const LOGIN: &str = "/sns/jscode2session";
const TOKEN: &str = "/cgi-bin/stable_token";
const PHONE: &str = "/wxa/business/getuserphonenumber";

struct Stage {
    running: RunningSimulator,
    clock: Arc<ManualClock>,
    wechat: WeChat,
}

impl Stage {
    fn set() -> Self {
        Self::set_with(|_| {})
    }

    /// With settings that `change` changes.
    fn set_with(change: impl FnOnce(&mut config::WeChat)) -> Self {
        let start: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        let options = SimOptions { clock: ClockMode::Manual(start), ..SimOptions::new("wx01", "sesame") };
        let running = Simulator::start(options).unwrap();
        let mut config = configured(&running);
        change(&mut config);
        let clock = Arc::new(ManualClock::starting_at(start));
        let app = config.mini_programs().remove(0);
        let mut wechat = WeChat::new(&config, app, http_client(&config).unwrap(), clock.clone());
        wechat.same_token_pause = TimeDelta::zero();
        wechat.pace.haste = 1000;
        Self { running, clock, wechat }
    }

    fn sim(&self) -> &SimHandle {
        self.running.sim()
    }

    fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.sim().advance(by).unwrap();
    }

    fn fault(&self, path: &str, kind: FaultKind, times: u32) {
        self.sim().order(Fault::once(path, kind).times(times)).unwrap();
    }

    async fn login(&self, code: &str) -> Result<WeChatUser, WeChatError> {
        self.wechat.login(&LoginCode::parse(code).unwrap()).await
    }

    async fn phone(&self) -> Result<domain::text::Phone, WeChatError> {
        let code = PhoneCode::parse(&self.sim().phone_code("demo-member").unwrap()).unwrap();
        self.wechat.phone_number(&code, &openid_of("demo-member")).await
    }
}

fn configured(running: &RunningSimulator) -> config::WeChat {
    config::WeChat {
        base_url: running.base_url().parse().unwrap(),
        appid: "wx01".to_owned(),
        secret: "sesame".into(),
        apps: Vec::new(),
        content_check: true,
        push: config::WeChatPush { token: "".into(), aes_key: "".into(), mode: config::PushMode::Secure },
        connect_timeout_ms: 3000,
        timeout_ms: 8000,
        picture_timeout_ms: 20_000,
    }
}

fn code_of<T: std::fmt::Debug>(result: Result<T, WeChatError>) -> i64 {
    result.unwrap_err().refusal().expect("a refusal").code
}

#[tokio::test]
async fn a_login_code_gives_its_user_also_when_the_phone_repeats_itself() {
    let stage = Stage::set();
    let code = stage.sim().login("demo-resident").unwrap();
    let users = join_all((0..20).map(|_| stage.login(&code))).await;
    for user in users {
        assert_eq!(user.unwrap().openid, openid_of("demo-resident"));
    }
    assert_eq!(stage.sim().calls(LOGIN), 1);
}

#[tokio::test]
async fn a_login_is_never_replayed() {
    for fault in [FaultKind::DropBefore, FaultKind::DropAfter, FaultKind::Errcode(-1), FaultKind::Truncated] {
        let stage = Stage::set();
        stage.fault(LOGIN, fault, 1);
        let code = stage.sim().login("demo-resident").unwrap();
        assert!(stage.login(&code).await.is_err());
        assert_eq!(stage.sim().calls(LOGIN), 1);
    }
}

#[tokio::test]
async fn a_used_a_foreign_and_a_blocked_code_are_told_apart() {
    let stage = Stage::set();
    let used = stage.sim().login("demo-resident").unwrap();
    stage.fault(LOGIN, FaultKind::DropAfter, 1);
    assert!(matches!(stage.login(&used).await, Err(WeChatError::Transport(_))));
    assert_eq!(code_of(stage.login(&used).await), 40163);
    let foreign = stage.sim().login_elsewhere("demo-resident", "wx02").unwrap();
    assert_eq!(code_of(stage.login(&foreign).await), 40029);
    stage.sim().set_risk("demo-resident", 4).unwrap();
    let blocked = stage.sim().login("demo-resident").unwrap();
    assert!(stage.login(&blocked).await.unwrap_err().refusal().unwrap().blocks_user());
}

#[tokio::test]
async fn no_secret_stands_in_a_failure() {
    let stage = Stage::set();
    for fault in [FaultKind::DropBefore, FaultKind::Garbage, FaultKind::Truncated, FaultKind::Http502] {
        stage.fault(LOGIN, fault, 1);
        let code = stage.sim().login("demo-resident").unwrap();
        let error = format!("{:?}", stage.login(&code).await.unwrap_err());
        assert!(!error.contains("sesame") && !error.contains(&code), "{error}");
    }
}

#[tokio::test]
async fn fifty_tasks_fetch_one_token() {
    let stage = Stage::set();
    let tokens = join_all((0..50).map(|_| stage.wechat.token())).await;
    let first = tokens[0].as_ref().unwrap();
    assert!(tokens.iter().all(|token| token.as_ref().unwrap().is(first)));
    assert_eq!(stage.sim().calls(TOKEN), 1);
}

#[tokio::test]
async fn fifty_tasks_share_one_failure_and_the_next_one_tries_again() {
    let stage = Stage::set();
    stage.fault(TOKEN, FaultKind::Errcode(40164), 1);
    let tokens = join_all((0..50).map(|_| stage.wechat.token())).await;
    assert!(tokens.into_iter().all(|token| code_of(token) == 40164));
    assert_eq!(stage.sim().calls(TOKEN), 1);
    assert!(stage.wechat.token().await.is_ok());
}

#[tokio::test]
async fn a_token_is_replaced_five_minutes_before_its_end() {
    let stage = Stage::set();
    let first = stage.wechat.token().await.unwrap();
    stage.advance(TimeDelta::seconds(6899));
    assert!(stage.wechat.token().await.unwrap().is(&first));
    stage.advance(TimeDelta::seconds(1));
    assert!(!stage.wechat.token().await.unwrap().is(&first));
    assert_eq!(stage.sim().calls(TOKEN), 2);
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_replayed_once() {
    let stage = Stage::set();
    assert_eq!(stage.phone().await.unwrap().as_str(), "19900000002");
    stage.sim().supersede_token();
    assert_eq!(stage.phone().await.unwrap().as_str(), "19900000002");
    assert_eq!((stage.sim().calls(TOKEN), stage.sim().calls(PHONE)), (2, 3));
}

#[tokio::test]
async fn a_crowd_of_refused_calls_does_not_throw_the_fresh_token_away() {
    let stage = Stage::set();
    stage.wechat.token().await.unwrap();
    stage.sim().supersede_token();
    let numbers = join_all((0..30).map(|_| stage.phone())).await;
    assert!(numbers.iter().all(Result::is_ok));
    assert_eq!(stage.sim().calls(TOKEN), 2);
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let stage = Stage::set();
    stage.wechat.token().await.unwrap();
    stage.sim().supersede_token();
    stage.fault(PHONE, FaultKind::Errcode(42001), 2);
    assert_eq!(code_of(stage.phone().await), 42001);
    assert_eq!((stage.sim().calls(TOKEN), stage.sim().calls(PHONE)), (2, 2));
}

#[tokio::test]
async fn the_very_token_that_was_refused_is_asked_for_again_once() {
    let stage = Stage::set();
    stage.fault(PHONE, FaultKind::Errcode(40001), 1);
    assert_eq!(code_of(stage.phone().await), 40001);
    assert_eq!((stage.sim().calls(TOKEN), stage.sim().calls(PHONE)), (3, 1));
}

#[tokio::test]
async fn a_phone_code_of_somebody_else_is_refused() {
    let stage = Stage::set();
    let code = PhoneCode::parse(&stage.sim().phone_code("demo-member").unwrap()).unwrap();
    let error = stage.wechat.phone_number(&code, &openid_of("demo-resident")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().class(), Class::Refused);
}

#[tokio::test]
async fn a_type_of_text_and_unknown_members_change_nothing() {
    let stage = Stage::set();
    for fault in [FaultKind::TextPlain, FaultKind::ExtraFields] {
        stage.fault(PHONE, fault, 1);
        assert!(stage.phone().await.is_ok());
    }
}

#[tokio::test]
async fn a_slow_answer_ends_at_the_time_out() {
    let stage = Stage::set_with(|config| config.timeout_ms = 50);
    stage.fault(LOGIN, FaultKind::Slow(Duration::from_secs(5)), 1);
    let code = LoginCode::parse(&stage.sim().login("demo-resident").unwrap()).unwrap();
    assert!(matches!(stage.wechat.login(&code).await, Err(WeChatError::Timeout)));
}
