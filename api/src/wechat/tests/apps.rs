//! Several mini-programs in one deployment.

use crate::config::MiniProgram;
use domain::ids::CommitteeId;
use uuid::Uuid;

use super::*;

fn several(change: impl FnOnce(&mut config::WeChat)) -> MiniPrograms {
    let stage = "http://127.0.0.1:9".parse().unwrap();
    let mut config = config::WeChat {
        base_url: stage,
        appid: "wx01".to_owned(),
        secret: "sesame".into(),
        content_check: true,
        push: config::WeChatPush { token: "".into(), aes_key: "".into(), mode: config::PushMode::Secure },
        apps: vec![MiniProgram {
            appid: "wx02".to_owned(),
            secret: "open".into(),
            base_url: None,
            committees: vec![Uuid::from_u128(2)],
        }],
        connect_timeout_ms: 3000,
        timeout_ms: 8000,
        picture_timeout_ms: 20_000,
    };
    change(&mut config);
    let clock: crate::clock::SharedClock = Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH));
    MiniPrograms::new(&config, &clock).unwrap()
}

#[test]
fn each_committee_has_its_own_or_the_first() {
    let programs = several(|_| {});
    let appid = |n| programs.of_committee(CommitteeId(Uuid::from_u128(n))).unwrap().appid().to_owned();
    assert_eq!((appid(2), appid(3)), ("wx02".to_owned(), "wx01".to_owned()));
    assert_eq!(programs.main().unwrap().appid(), "wx01");
    assert_eq!(programs.of("wx02").unwrap().appid(), "wx02");
    assert!(matches!(programs.of("wx03"), Err(WeChatError::UnknownApp { appid }) if appid == "wx03"));
    assert_eq!(programs.all().len(), 2);
}

#[test]
fn without_any_nothing_is_found() {
    let programs = several(|config| {
        config.appid.clear();
        config.apps.clear();
    });
    assert!(matches!(programs.main(), Err(WeChatError::NotConfigured)));
    assert!(matches!(programs.of("wx01"), Err(WeChatError::NotConfigured)));
    let somebody = CommitteeId(Uuid::from_u128(2));
    assert!(matches!(programs.of_committee(somebody), Err(WeChatError::NotConfigured)));
}
