//! Every row of WeChat's table of errors: what class it is, and what the client then does.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::wechat::policy::{Api, MOST_TRIES, Repeat, Wait};
use crate::wechat::wire;

const LINK: &str = "/wxa/generate_urllink";

/// What the client does with a refusal that comes for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// Tries again, three times in all, where the call may be repeated.
    Retry,
    /// Would try again, but not before its time is over: gives up at once.
    RetryTooLate,
    /// Asks for another token, twice, since WeChat has no other; the call is made once.
    Token,
    /// Gives up.
    GiveUp(Class),
}

use Action::{GiveUp, Retry, RetryTooLate, Token};
use Class::{Bug, Business, Operator, Quota, Refused};

/// The whole table, in its order.
const ROWS: &[(i64, Action)] = &[
    (-1, Retry),
    (40001, Token),
    (40014, Token),
    (42001, Token),
    (41001, GiveUp(Bug)),
    (40002, GiveUp(Bug)),
    (40003, GiveUp(Refused)),
    (40013, GiveUp(Operator)),
    (40029, GiveUp(Refused)),
    (40163, GiveUp(Refused)),
    (40226, GiveUp(Refused)),
    (40037, GiveUp(Operator)),
    (40097, GiveUp(Bug)),
    (40125, GiveUp(Operator)),
    (40129, GiveUp(Bug)),
    (40159, GiveUp(Bug)),
    (40169, GiveUp(Bug)),
    (40164, GiveUp(Operator)),
    (40165, GiveUp(Bug)),
    (40212, GiveUp(Bug)),
    (85401, GiveUp(Bug)),
    (85402, GiveUp(Bug)),
    (40243, GiveUp(Operator)),
    (41002, GiveUp(Bug)),
    (41004, GiveUp(Bug)),
    (41030, GiveUp(Bug)),
    (43002, GiveUp(Bug)),
    (43101, GiveUp(Business)),
    (43104, GiveUp(Refused)),
    (43107, GiveUp(Operator)),
    (43108, Retry),
    (44002, GiveUp(Bug)),
    (47001, GiveUp(Bug)),
    (44990, Retry),
    (44991, RetryTooLate),
    (45011, RetryTooLate),
    (44993, GiveUp(Quota)),
    (45009, GiveUp(Quota)),
    (45029, GiveUp(Bug)),
    (45168, GiveUp(Refused)),
    (47003, GiveUp(Bug)),
    (48001, GiveUp(Operator)),
    (50002, GiveUp(Operator)),
    (50004, GiveUp(Operator)),
    (50007, GiveUp(Operator)),
    (61010, GiveUp(Business)),
    (85074, GiveUp(Operator)),
    (85075, GiveUp(Operator)),
    (85403, GiveUp(Refused)),
    (85406, GiveUp(Quota)),
    (85407, GiveUp(Operator)),
    (85408, GiveUp(Operator)),
    (87007, GiveUp(Business)),
    (87008, GiveUp(Bug)),
    (87009, GiveUp(Business)),
    (87014, GiveUp(Business)),
    (87020, GiveUp(Refused)),
    (89503, GiveUp(Operator)),
    (89506, GiveUp(Operator)),
    (89507, GiveUp(Operator)),
];

/// Makes a link by a call that is repeated as `repeat` says.
async fn make_link(stage: &Stage, repeat: Repeat) -> Result<Value, WeChatError> {
    let api = Api { path: LINK, per_minute: None, wait: Wait::Usual, repeat };
    let body = json!({ "expire_type": 1, "expire_interval": 1 });
    let request =
        |query: &[(&str, &str)]| stage.wechat.http.post(stage.wechat.url(LINK)).query(query).json(&body);
    stage.wechat.call_with_token(&api, request, wire::read).await
}

#[tokio::test]
async fn every_number_of_the_table_is_answered_as_the_table_says() {
    let stage = Stage::set();
    let mut patient = Stage::set();
    patient.wechat.pace.haste = 1;
    for (errcode, action) in ROWS {
        // A minute is not passed in a hurry: that pause has to be the true one.
        let stage = if *action == RetryTooLate { &patient } else { &stage };
        for repeat in [Repeat::Never, Repeat::Undone, Repeat::Always] {
            stage.sim().clear_faults();
            stage.sim().forget_calls();
            stage.wechat.token().await.unwrap();
            stage.sim().forget_calls();
            stage.sim().order(Fault::once(LINK, FaultKind::Errcode(*errcode)).forever()).unwrap();

            let error = make_link(stage, repeat).await.unwrap_err();

            assert_eq!(error.refusal().unwrap().code, *errcode);
            assert!(!error.may_have_worked());
            let tries = u64::from(if repeat == Repeat::Never { 1 } else { MOST_TRIES });
            let (calls, tokens) = match action {
                Retry => (tries, 0),
                RetryTooLate | GiveUp(_) => (1, 0),
                Token => (1, 2),
            };
            let counted = (stage.sim().calls(LINK), stage.sim().calls(TOKEN));
            assert_eq!(counted, (calls, tokens), "{errcode}, {repeat:?}");
            match (action, error.class()) {
                (Retry | RetryTooLate, Class::Retry(_)) | (Token, Class::RefreshToken) => {}
                (GiveUp(expected), class) => assert_eq!(class, *expected, "{errcode}"),
                (_, class) => panic!("{errcode} is {class:?}"),
            }
        }
    }
}

#[tokio::test]
async fn an_absent_errcode_and_a_zero_are_success_and_an_unknown_number_is_a_refusal() {
    let stage = Stage::set();
    assert!(make_link(&stage, Repeat::Always).await.is_ok());
    assert!(stage.phone().await.is_ok());
    stage.fault(LINK, FaultKind::Errcode(99_999), 1);
    let error = make_link(&stage, Repeat::Always).await.unwrap_err();
    assert_eq!(error.class(), Class::Refused);
    assert_eq!(stage.sim().calls(LINK), 2);
}

#[tokio::test]
async fn each_refusal_of_a_token_is_mended_by_another_one_once() {
    for errcode in [40001, 40014, 42001] {
        let stage = Stage::set();
        stage.wechat.token().await.unwrap();
        stage.sim().set_settings(wechat_sim::Settings {
            superseded_errcode: errcode,
            ..wechat_sim::Settings::default()
        });
        stage.fault(LINK, FaultKind::TokenSuperseded, 1);
        assert!(make_link(&stage, Repeat::Never).await.is_ok(), "{errcode}");
        assert_eq!((stage.sim().calls(LINK), stage.sim().calls(TOKEN)), (2, 2), "{errcode}");
        // Superseded again in the middle of the second try: no third one.
        stage.fault(LINK, FaultKind::TokenSuperseded, 2);
        assert_eq!(code_of(make_link(&stage, Repeat::Always).await), errcode);
        assert_eq!((stage.sim().calls(LINK), stage.sim().calls(TOKEN)), (4, 3), "{errcode}");
    }
}

#[tokio::test]
async fn a_busy_wechat_is_asked_three_times_in_all() {
    for (busy, calls) in [(1, 2), (2, 3)] {
        let stage = Stage::set();
        stage.fault(LINK, FaultKind::Errcode(-1), busy);
        assert!(make_link(&stage, Repeat::Undone).await.is_ok());
        assert_eq!(stage.sim().calls(LINK), calls);
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_only_where_the_work_may_be_done_twice() {
    let lost = [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::Garbage,
        FaultKind::Http502,
        FaultKind::Empty,
        FaultKind::Truncated,
        FaultKind::Slow(Duration::from_secs(60)),
    ];
    for kind in lost {
        for (repeat, calls) in [(Repeat::Never, 1), (Repeat::Undone, 1), (Repeat::Always, 2)] {
            let stage = Stage::set_with(|config| config.timeout_ms = 1_000);
            stage.wechat.token().await.unwrap();
            stage.fault(LINK, kind.clone(), 1);
            let result = make_link(&stage, repeat).await;
            assert_eq!(stage.sim().calls(LINK), calls, "{kind:?}, {repeat:?}");
            match result {
                Ok(_) => assert_eq!(repeat, Repeat::Always),
                Err(error) => assert!(error.may_have_worked() && repeat != Repeat::Always, "{error:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_was_done_and_then_refused_is_not_taken_for_undone_by_the_caller_alone() {
    let stage = Stage::set();
    let after = Fault::once(LINK, FaultKind::Errcode(-1)).at(wechat_sim::Moment::After);
    stage.sim().order(after).unwrap();
    assert!(make_link(&stage, Repeat::Always).await.is_ok());
    assert_eq!(stage.sim().calls(LINK), 2);
}

#[tokio::test]
async fn oddities_of_a_true_answer_change_nothing() {
    let odd = [FaultKind::TextPlain, FaultKind::ExtraFields, FaultKind::HugeNumber, FaultKind::Gzip];
    for kind in odd {
        let stage = Stage::set();
        stage.fault(LINK, kind.clone(), 1);
        stage.fault(TOKEN, kind.clone(), 1);
        assert!(make_link(&stage, Repeat::Never).await.is_ok(), "{kind:?}");
        assert_eq!((stage.sim().calls(LINK), stage.sim().calls(TOKEN)), (1, 1), "{kind:?}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_has_done_nothing() {
    let mut stage = Stage::set();
    stage.wechat.token().await.unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    stage.wechat.base = format!("http://{}", closed.local_addr().unwrap()).parse().unwrap();
    drop(closed);
    let error = make_link(&stage, Repeat::Undone).await.unwrap_err();
    assert!(matches!(&error, WeChatError::Transport(_)) && !error.may_have_worked(), "{error:?}");
}

#[tokio::test]
async fn who_calls_too_often_is_told_when_his_turn_comes_and_wechat_is_not_bothered() {
    let mut stage = Stage::set_with(|config| config.timeout_ms = 2_000);
    // One at once, and the next after more than the whole time of a call.
    stage.wechat.pace.limit(LINK, 10);
    assert!(make_link(&stage, Repeat::Always).await.is_ok());
    match make_link(&stage, Repeat::Always).await {
        Err(WeChatError::Limited { api: LINK, retry_after }) => assert!(retry_after > Duration::from_secs(4)),
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.sim().calls(LINK), 1);
}
