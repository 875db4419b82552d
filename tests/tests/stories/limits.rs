//! Limits stop a flood, not a stairwell. The clock stands still, so that a burst comes at one moment.

use std::time::Duration;

use api::limits::LimitKind;
use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;
use tests::{Answer, App, District, Person, Request, Setup, story};

use crate::pictures;

/// One limit is tight, three at once and then one every ten seconds; all others are out of the way.
fn only(setup: Setup, tight: LimitKind) -> Setup {
    setup.unlimited().set(&format!("limits.{}", tight.as_str()), "{ burst = 3, every_ms = 10000 }")
}

/// A Redis that nobody listens for: port 1 is nobody's.
fn without_redis(setup: Setup) -> Setup {
    setup.set("cache.redis_url", "\"redis://127.0.0.1:1\"")
}

/// What a limit is tried with.
struct Flood<'a> {
    app: &'a App,
    district: District,
    person: Person,
    ticket: String,
    number: String,
}

impl<'a> Flood<'a> {
    async fn prepared(app: &'a App) -> Self {
        let district = app.district().await;
        let person = app.person("resident").await;
        let receipt = app.report(&district.code, "电梯坏了", None).await;
        let text = |key: &str| receipt[key].as_str().unwrap().to_owned();
        Self { app, district, person, ticket: text("case_ticket"), number: text("number") }
    }

    /// The call that the limit counts.
    fn request(&self, kind: LimitKind, n: usize) -> Request {
        let (app, code) = (self.app, &self.district.code);
        let case = || app.post("/api/v1/cases").idempotency_key(&format!("flood-{kind:?}-{n}"));
        let report = json!({ "code": code, "text": "电梯坏了" });
        let tracking = format!("/api/v1/tracking/{}", self.number);
        match kind {
            LimitKind::ReadByAddress => app.get("/api/v1/members"),
            LimitKind::ScanByCode => app.get(&format!("/api/v1/codes/{code}")),
            LimitKind::DrawByAddress => app.get(&format!("/api/v1/codes/{code}/poster.png?paper=a5&dpi=100")),
            LimitKind::IntakeByAccount => case().bearer(&self.person.token).json(&report),
            LimitKind::IntakeByCode => case().json(&report),
            LimitKind::IntakeByAddress => {
                case().json(&json!({ "station_id": self.district.station, "text": "电梯坏了" }))
            }
            LimitKind::UploadByAddress => {
                let request = app.post("/api/v1/uploads").idempotency_key(&format!("flood-{n}"));
                request.file("a.png", "image/png", &pictures::png(4, 4))
            }
            LimitKind::UseByTicket => app.get(&tracking).ticket(&self.ticket),
            LimitKind::TrackingByAddress => app.get(&tracking).ticket(&format!("guess{n}")),
            LimitKind::LoginByAddress => {
                app.post("/api/v1/sessions/refresh").json(&json!({ "refresh_token": format!("guess{n}") }))
            }
            LimitKind::UseByAccount => app.get("/api/v1/me").bearer(&self.person.token),
        }
    }
}

/// What the call answers while the limit is not reached.
fn passed(kind: LimitKind, answer: &Answer) -> bool {
    let wanted = match kind {
        LimitKind::TrackingByAddress => 404,
        LimitKind::LoginByAddress => 401,
        LimitKind::IntakeByAccount
        | LimitKind::IntakeByCode
        | LimitKind::IntakeByAddress
        | LimitKind::UploadByAddress => 201,
        LimitKind::ReadByAddress
        | LimitKind::ScanByCode
        | LimitKind::DrawByAddress
        | LimitKind::UseByTicket
        | LimitKind::UseByAccount => 200,
    };
    answer.status() == wanted
}

/// A burst passes, the next is told when to come back, and passes then; not a second before.
async fn expect_limited(app: &App, kind: LimitKind) {
    let flood = Flood::prepared(app).await;
    // What the preparation has used comes back in this time.
    app.advance(TimeDelta::seconds(60));
    for n in 0..3 {
        let answer = flood.request(kind, n).await;
        assert!(passed(kind, &answer), "{kind:?}: {:?}", answer.json());
    }
    let refused = flood.request(kind, 3).await;
    refused.expect_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "10", "{kind:?}");
    app.advance(TimeDelta::seconds(9));
    let early = flood.request(kind, 3).await;
    early.expect_problem(429, "rate_limited");
    assert_eq!(early.header("retry-after"), "1", "{kind:?}");
    app.advance(TimeDelta::seconds(1));
    let answer = flood.request(kind, 3).await;
    assert!(passed(kind, &answer), "{kind:?} after Retry-After: {:?}", answer.json());
    flood.request(kind, 4).await.expect_problem(429, "rate_limited");
    app.run_jobs().await;
}

/// Each limit on both databases, and where processes share it also with Redis gone.
macro_rules! limits {
    ($($name:ident $kind:ident,)+) => {$(
        mod $name {
            use super::*;

            story! {
                async fn says_when_to_come_back_and_lets_pass_then(app: &App)
                with { |setup| only(setup, LimitKind::$kind) } {
                    expect_limited(app, LimitKind::$kind).await;
                }
            }

            story! {
                async fn holds_with_redis_gone(app: &App)
                with { |setup| without_redis(only(setup, LimitKind::$kind)) } {
                    expect_limited(app, LimitKind::$kind).await;
                }
            }
        }
    )+

        #[test]
        fn every_limit_has_its_story() {
            let told = [$(LimitKind::$kind),+];
            assert!(LimitKind::ALL.iter().all(|kind| told.contains(kind)), "{told:?}");
        }
    };
}

limits! {
    reading_by_address ReadByAddress,
    scanning_by_code ScanByCode,
    drawing_by_address DrawByAddress,
    reporting_by_account IntakeByAccount,
    reporting_by_code IntakeByCode,
    reporting_by_address IntakeByAddress,
    uploading_by_address UploadByAddress,
    using_by_ticket UseByTicket,
    tracking_by_address TrackingByAddress,
    logging_in_by_address LoginByAddress,
    using_by_account UseByAccount,
}

story! {
    async fn a_whole_building_behind_one_address_scans_and_reports_at_once(app: &App) {
        let district = app.district().await;
        let card = format!("/api/v1/codes/{}", district.code);
        let scans = join_all((0..400).map(|_| app.get(&card).into_future())).await;
        let reports = join_all((0..50).map(|n| {
            let report = json!({ "code": district.code, "text": format!("{n} 号住户：停水了") });
            app.post("/api/v1/cases").idempotency_key(&format!("home-{n}")).json(&report).into_future()
        }))
        .await;

        assert!(scans.iter().all(|scan| scan.status() == 200));
        let taken = reports.iter().filter(|report| report.status() == 201).count();
        assert_eq!(taken, 50, "{:?}", reports.iter().map(Answer::status).collect::<Vec<_>>());
        assert_eq!(app.db_count("cases", None).await, 50);
        app.run_jobs().await;
    }
}

story! {
    async fn one_who_floods_takes_nothing_from_others(app: &App) with { |setup| only(setup, LimitKind::IntakeByAccount) } {
        let district = app.district().await;
        let (loud, quiet) = (app.person("loud").await, app.person("quiet").await);
        let report = json!({ "code": district.code, "text": "停水了" });

        let floods = join_all((0..30).map(|_| app.send_report(&report, Some(&loud)))).await;

        assert_eq!(floods.iter().filter(|answer| answer.status() == 201).count(), 3);
        app.send_report(&report, Some(&quiet)).await.expect_status(201);
        app.send_report(&report, None).await.expect_status(201);
        app.run_jobs().await;
    }
}

/// How many of these requests pass, which come one after the other.
async fn passing(requests: Vec<Request>) -> usize {
    let mut passed = 0;
    for request in requests {
        passed += usize::from(request.await.status() == 200);
    }
    passed
}

fn from(app: &App, forwarded: &str, count: usize) -> Vec<Request> {
    (0..count).map(|_| app.get("/api/v1/members").header("x-forwarded-for", forwarded)).collect()
}

story! {
    async fn a_forwarded_address_counts_for_nothing_when_nobody_is_trusted(app: &App)
    with { |setup| only(setup, LimitKind::ReadByAddress) } {
        let invented = (0..5).flat_map(|n| from(app, &format!("198.51.100.{n}"), 1)).collect();
        assert_eq!(passing(invented).await, 3, "all came from one address");
    }
}

story! {
    async fn a_trusted_proxy_is_believed_and_whom_it_forwards_is_not(app: &App)
    with { |setup| only(setup, LimitKind::ReadByAddress).set("server.trusted_proxies", r#"["127.0.0.0/8", "10.0.0.0/8"]"#) } {
        assert_eq!(passing(from(app, "198.51.100.1", 5)).await, 3);
        assert_eq!(passing(from(app, "198.51.100.2", 5)).await, 3, "another address");
        assert_eq!(passing(from(app, "198.51.100.3, 10.0.0.7", 5)).await, 3, "through two proxies");
        assert_eq!(passing(from(app, "203.0.113.1, 198.51.100.1", 2)).await, 0, "his own claim is skipped");
        assert_eq!(passing(from(app, "2001:db8::1", 3)).await, 3);
        assert_eq!(passing(from(app, "2001:db8::2", 3)).await, 0, "one home has a whole /64");
        assert_eq!(passing(from(app, "2001:db8:0:1::1", 3)).await, 3, "the next home");
    }
}

story! {
    async fn a_proxy_that_is_not_on_the_list_is_no_proxy(app: &App)
    with { |setup| only(setup, LimitKind::ReadByAddress).set("server.trusted_proxies", r#"["10.0.0.0/8"]"#) } {
        let invented = (0..5).flat_map(|n| from(app, &format!("10.0.0.{n}"), 1)).collect();
        assert_eq!(passing(invented).await, 3);
    }
}

story! {
    async fn guessing_tickets_of_a_number_ends_soon(app: &App) {
        let flood = Flood::prepared(app).await;
        let guesses = join_all((0..80).map(|n| flood.request(LimitKind::TrackingByAddress, n).into_future())).await;
        let looked_at = guesses.iter().filter(|guess| guess.status() == 404).count();
        assert_eq!(looked_at, 60, "as many as the limit allows, and no more");
        let wait = guesses.iter().filter_map(|guess| guess.find_header("retry-after")).max();
        assert!(wait.is_some_and(|wait| Duration::from_secs(wait.parse().unwrap()) <= Duration::from_secs(2)));
        app.run_jobs().await;
    }
}
