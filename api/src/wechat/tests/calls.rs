//! The calls for codes, links and templates, and what is measured and told of all calls.

use metrics_exporter_prometheus::PrometheusBuilder;
use wechat_sim::Settings;

use super::*;

const CODE: &str = "/wxa/getwxacodeunlimit";
const LINK: &str = "/wxa/generate_urllink";

fn code() -> CodeRequest {
    CodeRequest::new("1R3ZYW02258Z74G0", "pages/scan/index", 280, EnvVersion::Release).unwrap()
}

fn link() -> LinkRequest {
    LinkRequest::new("pages/case/detail", "id=1", 7, EnvVersion::Release).unwrap()
}

#[tokio::test]
async fn a_code_is_a_picture_that_can_be_read() {
    let stage = Stage::set();
    let picture = stage.wechat.code_picture(&code()).await.unwrap();
    assert_eq!(picture.content_type, "image/jpeg");
    assert_eq!(image::load_from_memory(&picture.bytes).unwrap().width(), 280);
}

#[tokio::test]
async fn an_error_is_never_taken_for_a_picture() {
    let stage = Stage::set();
    stage.sim().set_settings(Settings { published: false, ..Settings::default() });
    assert_eq!(code_of(stage.wechat.code_picture(&code()).await), 41030);
    stage.sim().set_settings(Settings::default());
    // Neither is half a picture, a page of a gateway, or nothing at all.
    for kind in [FaultKind::Truncated, FaultKind::Http502, FaultKind::Empty, FaultKind::Garbage] {
        stage.fault(CODE, kind.clone(), 3);
        let error = stage.wechat.code_picture(&code()).await.unwrap_err();
        assert!(matches!(error, WeChatError::BadBody { .. }), "{kind:?}: {error:?}");
        // And what comes right the second time is taken.
        stage.fault(CODE, kind, 1);
        assert!(stage.wechat.code_picture(&code()).await.is_ok());
    }
    // A stale token makes an error where a picture was expected, too.
    stage.sim().supersede_token();
    assert!(stage.wechat.code_picture(&code()).await.is_ok());
}

#[tokio::test]
async fn a_link_opens_the_page_for_its_days() {
    let stage = Stage::set();
    let link = stage.wechat.url_link(&link()).await.unwrap();
    assert!(link.as_str().starts_with("https://wxaurl.cn/"));
}

#[tokio::test]
async fn the_time_of_the_server_is_read_from_its_answers() {
    let stage = Stage::set();
    assert!(stage.wechat.server_time().await.unwrap().is_some());
}

/// What is measured while `work` runs, in the text that Prometheus reads.
fn measured(work: impl AsyncFnOnce()) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(work()));
    recorder.handle().render()
}

#[test]
fn tries_are_measured_by_api_errcode_and_class_and_by_nothing_else() {
    let text = measured(async || {
        let stage = Stage::set_with(|config| config.timeout_ms = 2_000);
        stage.fault(LINK, FaultKind::Errcode(-1), 2);
        stage.wechat.url_link(&link()).await.unwrap();
        stage.fault(LINK, FaultKind::Errcode(123_456), 1);
        stage.wechat.url_link(&link()).await.unwrap_err();
        stage.fault(LINK, FaultKind::DropAfter, 1);
        stage.wechat.url_link(&link()).await.unwrap();
        assert!(stage.phone().await.is_ok());
    });
    for line in [
        r#"wechat_calls_total{api="/wxa/generate_urllink",errcode="-1",class="retry"} 2"#,
        r#"wechat_calls_total{api="/wxa/generate_urllink",errcode="0",class="ok"} 2"#,
        r#"wechat_calls_total{api="/wxa/generate_urllink",errcode="other",class="refused"} 1"#,
        r#"wechat_calls_total{api="/wxa/generate_urllink",errcode="none",class="transport"} 1"#,
        r#"wechat_calls_total{api="/cgi-bin/stable_token",errcode="0",class="ok"} 1"#,
        r#"wechat_calls_total{api="/wxa/business/getuserphonenumber",errcode="0",class="ok"} 1"#,
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    assert!(text.contains("wechat_call_seconds"));
    assert!(!text.contains("123456"), "{text}");
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let stage = Stage::set_with(|config| config.timeout_ms = 1_000);
    let mut printed = vec![format!("{:?}", stage.wechat)];
    let mut hidden = vec!["sesame".to_owned(), "19900000002".to_owned(), openid_of("demo-member")];
    let user = stage.login(&stage.sim().login("demo-member").unwrap()).await.unwrap();
    printed.push(format!("{user:?}"));
    let kinds = [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::Slow(Duration::from_secs(60)),
        FaultKind::Garbage,
        FaultKind::Http502,
        FaultKind::Truncated,
        FaultKind::Errcode(40001),
        FaultKind::Errcode(40029),
        FaultKind::Errcode(47001),
    ];
    for kind in kinds {
        let js_code = stage.sim().login("demo-member").unwrap();
        let phone_code = stage.sim().phone_code("demo-member").unwrap();
        stage.fault(LOGIN, kind.clone(), 1);
        printed.push(tell(&stage.login(&js_code).await.unwrap_err()));
        stage.fault(PHONE, kind, 3);
        let parsed = PhoneCode::parse(&phone_code).unwrap();
        printed.push(tell(&stage.wechat.phone_number(&parsed, &openid_of("demo-member")).await.unwrap_err()));
        stage.sim().clear_faults();
        hidden.extend([js_code, phone_code]);
        hidden.extend(stage.sim().present_token());
    }
    for text in &printed {
        let found = hidden.iter().find(|secret| text.contains(secret.as_str()));
        assert_eq!(found, None, "{text}");
    }
}

/// An error with all its causes, both ways.
fn tell(error: &WeChatError) -> String {
    let mut told = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        told += &format!(" {error} {error:?}");
        cause = error.source();
    }
    told
}
