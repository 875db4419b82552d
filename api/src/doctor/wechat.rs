//! What the doctor looks at where WeChat is concerned: each mini-program's token, and the clock.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Finding, reach, templates};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::doctor::Verdict;
use crate::wechat::{MiniPrograms, WeChat, WeChatError};

const SUBJECT: &str = "wechat";
/// The largest difference to WeChat's clock: tokens and codes live for minutes.
const MOST_SKEW: TimeDelta = TimeDelta::seconds(60);

/// Looks at all mini-programs.
pub(super) async fn examine(config: &Config, clock: &SharedClock) -> Vec<Finding> {
    let programs = match MiniPrograms::new(&config.wechat, clock) {
        Ok(programs) => programs,
        Err(error) => return vec![Finding::fail(SUBJECT, error.to_string())],
    };
    if programs.all().is_empty() {
        return vec![Finding::warn(SUBJECT, "no appid: login by WeChat is off")];
    }
    let reached = reach(SUBJECT, &config.wechat.base_url, 443, Verdict::Fail).await;
    if reached.verdict != Verdict::Ok {
        return vec![reached];
    }
    let mut findings = vec![reached];
    for program in programs.all() {
        findings.push(token(program).await);
    }
    if let Ok(program) = programs.main() {
        findings.extend(templates::examine(&config.messages, program).await);
        findings.push(match program.server_time().await {
            Ok(theirs) => time(clock.now(), theirs),
            Err(error) => Finding::fail(SUBJECT, error.to_string()),
        });
    }
    findings
}

async fn token(program: &WeChat) -> Finding {
    let appid = program.appid();
    match program.check_token().await {
        Ok(()) => Finding::ok(SUBJECT, format!("{appid} gets an access token")),
        Err(error) => Finding::fail(SUBJECT, format!("{appid}: {}", advice(&error))),
    }
}

/// What the operator has to do about it.
fn advice(error: &WeChatError) -> String {
    let Some(refusal) = error.refusal() else { return error.to_string() };
    if let Some(address) = refusal.refused_address() {
        return format!(
            "WeChat sees us come from {address}, which is not on the IP whitelist of its console"
        );
    }
    let mend = match refusal.code {
        40013 => "the appid is wrong",
        40125 => "the secret is wrong; it may have been reset in the console",
        40243 => "the secret is frozen; thaw it in the console",
        89503 | 89506 | 89507 => "the administrator of the mini-program has to allow this address",
        50004 | 50007 => "the account is frozen or may not use this",
        _ => return error.to_string(),
    };
    format!("{mend} ({})", refusal.code)
}

fn time(ours: DateTime<Utc>, theirs: Option<DateTime<Utc>>) -> Finding {
    let Some(theirs) = theirs else { return Finding::ok(SUBJECT, "its answers do not tell the time") };
    let skew = ours - theirs;
    let verdict = if skew.abs() < MOST_SKEW { Verdict::Ok } else { Verdict::Fail };
    Finding::new(SUBJECT, verdict, format!("our clock is {} s from WeChat's", skew.num_seconds()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use wechat_sim::{Fault, FaultKind, Settings, SimOptions, Simulator};

    use super::*;
    use crate::clock::SystemClock;

    #[tokio::test]
    async fn what_wechat_refuses_is_said_with_what_to_do_about_it() {
        let wechat = Simulator::start(SimOptions::new("wx01", "sesame")).unwrap();
        let other = Simulator::start(SimOptions::new("wx02", "open")).unwrap();
        let (here, there) = (wechat.base_url(), other.base_url());
        let key = "k".repeat(40);
        let read = |secret: &str| {
            Config::from_toml(&[&format!(
                r#"
                server.public_url = "https://m.example.gov.cn"
                database.url = "sqlite://x.db"
                auth.keys = [{{ id = "a", secret = "{key}" }}]
                secrets.code_keys = [{{ version = "A", secret = "{key}" }}]
                secrets.data_keys = [{{ id = 1, secret = "{key}" }}]
                wechat.base_url = "{here}"
                wechat.appid = "wx01"
                wechat.secret = "{secret}"
                wechat.apps = [{{ appid = "wx02", secret = "open", base_url = "{there}" }}]
                "#
            )])
            .unwrap()
        };
        let clock: SharedClock = Arc::new(SystemClock);
        let look = async |secret: &str| examine(&read(secret), &clock).await;

        let findings = look("sesame").await;
        assert!(findings.iter().all(|finding| finding.verdict == Verdict::Ok), "{findings:?}");
        assert_eq!(findings.len(), 4, "{findings:?}");

        let findings = look("not-the-one").await;
        assert_eq!(findings[1].verdict, Verdict::Fail);
        assert!(findings[1].detail.contains("the secret is wrong"), "{findings:?}");
        assert!(!format!("{findings:?}").contains("not-the-one"), "no secret is printed");
        assert_eq!(findings[2].verdict, Verdict::Ok, "the other one is looked at all the same");

        wechat.sim().set_settings(Settings { ip_whitelist: Some(Vec::new()), ..Settings::default() });
        let findings = look("sesame").await;
        assert!(
            findings[1].detail.contains("127.0.0.1") && findings[1].verdict == Verdict::Fail,
            "{findings:?}"
        );
        wechat.sim().set_settings(Settings::default());
        wechat.sim().order(Fault::once("/cgi-bin/stable_token", FaultKind::Errcode(40243))).unwrap();
        assert!(look("sesame").await[1].detail.contains("frozen"));

        wechat.stop().await.unwrap();
        let findings = look("sesame").await;
        assert_eq!((findings.len(), findings[0].verdict), (1, Verdict::Fail));
    }

    #[test]
    fn a_clock_that_is_a_minute_off_is_wrong() {
        let noon: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().unwrap();
        let verdict = |seconds| time(noon, Some(noon + TimeDelta::seconds(seconds))).verdict;
        assert_eq!((verdict(59), verdict(-61)), (Verdict::Ok, Verdict::Fail));
        assert_eq!(time(noon, None).verdict, Verdict::Ok);
    }
}
