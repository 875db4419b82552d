//! Many messages at once while WeChat fails in every way and processes are killed: at the end each has a clear
//! fate, none arrived twice, and both sides count the same credits. A story has a small one, `scripts/messages`
//! a large one; it also measures how fast one worker sends.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use api::service::messaging::{self, Told};
use chrono::TimeDelta;
use domain::ids::{CommitteeId, DeliveryId, StationId};
use domain::message::MessageKind;
use domain::vocabulary::{Channel, DeliveryState};
use entity::{delivery, subscription};
use futures::StreamExt;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;
use wechat_sim::{Fault, FaultKind, UserSpec};

use crate::settings::{APPID, SECRET};
use crate::{App, Process, Program, eventually, http};

/// The path of the API.
const SEND: &str = "/cgi-bin/message/subscribe/send";
/// The template of all messages.
const TEMPLATE: &str = "demo-answered";
/// Every twentieth call fails.
const FAULT_EVERY: usize = 20;
/// Processes that send at the same time.
const PROCESSES: usize = 2;

/// How much of it.
#[derive(Debug, Clone, Copy)]
pub struct Storm {
    /// Messages.
    pub messages: usize,
    /// To so many users: more than have a message under way when a process is killed, for to those nothing more
    /// is sent until its fate is clear.
    pub users: usize,
    /// So often a process is killed.
    pub kills: usize,
}

/// What became of the messages, by state and reason.
pub type Fates = BTreeMap<(DeliveryState, String), usize>;

/// All ways in which WeChat fails that say the truth: what they answer is what has happened, or nothing.
fn faults() -> Vec<FaultKind> {
    vec![
        FaultKind::Errcode(-1),
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::Garbage,
        FaultKind::Http502,
        FaultKind::Empty,
        FaultKind::Truncated,
        FaultKind::Errcode(43108),
        FaultKind::TextPlain,
        FaultKind::ExtraFields,
        FaultKind::Slow(Duration::from_millis(300)),
        FaultKind::Errcode(45168),
        FaultKind::Errcode(40001),
        FaultKind::Errcode(45011),
    ]
}

impl Storm {
    /// Lets it rage, waits until all is clear, and checks the books.
    ///
    /// # Panics
    /// A message is lost, arrived twice, or the books differ.
    pub async fn rage(self, app: &App) -> Fates {
        let ids = self.prepare(app).await;
        let kinds = faults();
        for n in 0..self.messages / FAULT_EVERY {
            let kind = kinds[n % kinds.len()].clone();
            let after = u32::try_from(FAULT_EVERY - 1).unwrap_or(0);
            app.wechat()
                .order(Fault::once(SEND, kind).after(after))
                .unwrap_or_else(|error| panic!("{error}"));
        }
        self.send_and_kill(app).await;
        settle(app).await;
        let fates = check(app, &ids).await;
        compare_books(app, self.users).await;
        fates
    }

    /// Users with agreements, messages to them, and jobs that send them.
    async fn prepare(&self, app: &App) -> BTreeSet<DeliveryId> {
        let each = self.messages.div_ceil(self.users);
        for n in 0..self.users {
            let name = user(n);
            let spec = UserSpec { user: name.clone(), ..UserSpec::default() };
            let openid = app.wechat().put_user(spec).unwrap_or_else(|error| panic!("{error}")).openid;
            app.wechat().accept(&name, &vec![TEMPLATE; each]).unwrap_or_else(|error| panic!("{error}"));
            // WeChat's events would say the same, one by one.
            let (credit, now) = (i32::try_from(each).unwrap_or(0), app.now());
            app.run_sql(
                "INSERT INTO subscriptions (appid, openid, template_id, credit, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $5)",
                [APPID.into(), openid.into(), TEMPLATE.into(), credit.into(), now.into()],
            )
            .await;
            // Some have taken it back, and WeChat's word of it is lost.
            if has_taken_back(n) {
                app.wechat().unsubscribe(&name, TEMPLATE).unwrap_or_else(|error| panic!("{error}"));
            }
        }
        drop(app.wechat().take_subscribe_events());
        let rows: Vec<delivery::Model> = (0..self.messages).map(|n| self.message(app, n)).collect();
        let ids = rows.iter().map(|row| row.id).collect();
        for portion in rows.chunks(200) {
            let rows = portion.iter().cloned().map(|row| row.into_active_model().reset_all());
            let inserted = delivery::Entity::insert_many(rows).exec_without_returning(app.db()).await;
            inserted.unwrap_or_else(|error| panic!("keeping messages: {error}"));
        }
        for _ in 0..self.messages.div_ceil(20) {
            let id: Uuid = app.state().ids.next();
            app.run_sql(
                "INSERT INTO outbox (id, kind, payload, state, run_at, attempts, created_at)
                VALUES ($1, 'send_messages', '{}', 'pending', $2, 0, $2)",
                [id.into(), app.now().into()],
            )
            .await;
        }
        ids
    }

    fn message(&self, app: &App, n: usize) -> delivery::Model {
        let openid = wechat_sim::openid_of(&user(n % self.users));
        let message_id: Uuid = app.state().ids.next();
        let told = Told {
            title: "已有答复".to_owned(),
            text: "您反映的事项已有答复。".to_owned(),
            number: Some("381-0472-956".to_owned()),
            case_id: None,
            station: "青石街道委员工作站".to_owned(),
            handler: "青石街道委员工作站".to_owned(),
            department: None,
            at: app.now(),
            event: message_id.to_string(),
            station_id: StationId(Uuid::nil()),
            committee_id: CommitteeId(Uuid::nil()),
        };
        delivery::Model {
            id: app.state().ids.next(),
            once_key: format!("wechat:{message_id}"),
            channel: Channel::WeChat,
            kind: MessageKind::Answered,
            message_id,
            account_id: None,
            scope_id: None,
            appid: Some(APPID.to_owned()),
            openid: Some(openid),
            template_id: Some(TEMPLATE.to_owned()),
            facts: serde_json::to_value(told).expect("facts are JSON"),
            plainer: None,
            state: DeliveryState::Waiting,
            run_at: app.now(),
            attempts: 0,
            has_reserved: false,
            lease_id: None,
            leased_until: None,
            reason: None,
            msg_id: None,
            sent_at: None,
            confirmed_at: None,
            settled_at: None,
            created_at: app.now(),
        }
    }

    /// Two processes send; one after the other is killed in the middle of it, and started again.
    async fn send_and_kill(&self, app: &App) {
        let program: Program = app.program().set("telemetry.level", "\"warn\"");
        let mut processes: Vec<Process> = Vec::new();
        for _ in 0..PROCESSES {
            processes.push(program.serve().await);
        }
        for kill in 0..self.kills {
            // Evenly over two thirds of the messages, so that there are some left for those who come after.
            let reached = self.messages * 2 * (kill + 1) / (3 * (self.kills + 1));
            eventually("messages go out", async || app.wechat().count_arrived() >= reached).await;
            let at = kill % PROCESSES;
            processes[at].kill();
            assert_eq!(processes[at].exit_code().await, None, "a signal ended it");
            processes[at] = program.serve().await;
        }
        let most = self.messages / 2;
        eventually("most messages go out", async || app.wechat().count_arrived() >= most).await;
        for mut process in processes {
            process.terminate();
            assert_eq!(process.exit_code().await, Some(0));
        }
    }
}

fn user(n: usize) -> String {
    format!("storm-{n}")
}

/// Time passes until every message has its fate: the test's clock goes on from where the machine's was.
async fn settle(app: &App) {
    let rows = delivery::Entity::find().all(app.db()).await.expect("the messages are read");
    let last =
        rows.iter().flat_map(|row| [Some(row.run_at), row.leased_until, row.settled_at]).flatten().max();
    let behind = last.map_or(TimeDelta::zero(), |last| last - app.now());
    app.advance(behind.max(TimeDelta::zero()));
    // What WeChat has to say is in its queue: it comes before anything is given up.
    app.hand_over_events().await;
    app.advance(TimeDelta::minutes(6));
    for _ in 0..40 {
        app.run_jobs().await;
        app.hand_over_events().await;
        let open = "state IN ('waiting', 'sending', 'unknown')";
        if app.db_count("deliveries", Some(open)).await == 0 {
            return;
        }
        app.advance(TimeDelta::minutes(4));
    }
}

async fn check(app: &App, ids: &BTreeSet<DeliveryId>) -> Fates {
    let rows = delivery::Entity::find().all(app.db()).await.expect("the messages are read");
    assert_eq!(rows.iter().map(|row| row.id).collect::<BTreeSet<_>>(), *ids, "none is lost");
    let mut arrived: BTreeMap<Uuid, usize> = BTreeMap::new();
    for message in app.wechat().arrived() {
        let page = message.page.unwrap_or_default();
        let id = page.rsplit("m=").next().and_then(|id| id.parse().ok());
        *arrived.entry(id.unwrap_or_else(|| panic!("no id in {page}"))).or_default() += 1;
    }
    let twice = arrived.values().filter(|times| **times > 1).count();
    assert_eq!(twice, 0, "messages that arrived twice");
    let mut fates = Fates::new();
    for row in &rows {
        let has_arrived = arrived.contains_key(&row.message_id);
        match row.state {
            DeliveryState::Sent => assert!(has_arrived, "{row:?} has not arrived"),
            DeliveryState::Refused | DeliveryState::Dead => assert!(!has_arrived, "{row:?} has arrived"),
            DeliveryState::Waiting | DeliveryState::Sending | DeliveryState::Unknown => {
                panic!("of no clear fate: {row:?}")
            }
        }
        *fates.entry((row.state, row.reason.clone().unwrap_or_default())).or_default() += 1;
    }
    fates
}

/// Both sides count the same for every user. Who has taken it back, with WeChat's word of it lost, is known for
/// that as soon as WeChat has answered one message to him; until then nobody can know.
async fn compare_books(app: &App, users: usize) {
    let ledger = subscription::Entity::find().all(app.db()).await.expect("the ledger is read");
    let ledger: BTreeMap<String, i32> = ledger.into_iter().map(|row| (row.openid, row.credit)).collect();
    let answered = delivery::Entity::find().filter(delivery::Column::State.ne(DeliveryState::Dead));
    let answered = answered.all(app.db()).await.expect("the messages are read");
    let answered: BTreeSet<String> = answered.into_iter().filter_map(|row| row.openid).collect();
    for n in 0..users {
        let openid = wechat_sim::openid_of(&user(n));
        let theirs = app.wechat().credit(&user(n), TEMPLATE).unwrap_or_else(|error| panic!("{error}"));
        let ours = ledger.get(&openid).copied().unwrap_or_default();
        let cannot_know = has_taken_back(n) && !answered.contains(&openid);
        assert!(
            cannot_know || u32::try_from(ours) == Ok(theirs),
            "{}: ledger {ours}, WeChat {theirs}",
            user(n)
        );
    }
}

/// Some have taken it back.
fn has_taken_back(n: usize) -> bool {
    n % 50 == 49
}

/// How fast one worker sends.
#[derive(Debug, Clone, Copy)]
pub struct Race {
    /// Messages a second of the service's one worker.
    pub service: f64,
    /// Calls a second of a bare loop of the HTTP client, as many at the same time.
    pub bare: f64,
}

/// Sends so many messages by one worker, and as many by a bare loop, against the same WeChat.
///
/// # Panics
/// One does not get through.
pub async fn race(app: &App, messages: usize) -> Race {
    let storm = Storm { messages, users: messages, kills: 0 };
    storm.prepare(app).await;
    app.run_sql("DELETE FROM outbox", []).await;
    let started = Instant::now();
    while app.deliveries("waiting").await > 0 {
        messaging::send_due(app.state()).await.unwrap_or_else(|error| panic!("{error}"));
    }
    let service = rate(messages, started);
    // Those who have taken it back are refused; all others have got theirs.
    let sent = app.wechat().count_arrived();
    assert!(sent >= messages * 9 / 10, "{sent} of {messages}");
    let at_once = app.state().config.messages.parallel;
    Race { service, bare: bare(app, messages, at_once).await }
}

async fn bare(app: &App, messages: usize, at_once: usize) -> f64 {
    let base = app.state().config.wechat.base_url.as_str().trim_end_matches('/').to_owned();
    let client = http::client();
    let body = json!({ "grant_type": "client_credential", "appid": APPID, "secret": SECRET });
    let token = client.post(format!("{base}/cgi-bin/stable_token")).json(&body).send().await;
    let token = token.expect("a token").text().await.expect("a token");
    let token: serde_json::Value = serde_json::from_str(&token).expect("JSON");
    let url = format!("{base}{SEND}?access_token={}", token["access_token"].as_str().expect("a token"));
    for n in 0..messages {
        app.wechat().accept(&user(n), &[TEMPLATE]).unwrap_or_else(|error| panic!("{error}"));
    }
    drop(app.wechat().take_subscribe_events());
    let before = app.wechat().count_arrived();
    let started = Instant::now();
    let calls = futures::stream::iter(0..messages).map(|n| {
        let body = json!({
            "touser": wechat_sim::openid_of(&user(n)), "template_id": TEMPLATE, "page": "pages/x?m=1",
            "data": {
                "character_string1": { "value": "381-0472-956" }, "thing2": { "value": "已有答复" },
                "time3": { "value": "2026年3月2日 09:30" }, "thing4": { "value": "青石街道委员工作站" },
            },
        });
        let call = client.post(&url).json(&body).send();
        async move { call.await.expect("an answer").bytes().await.expect("a body") }
    });
    calls.buffer_unordered(at_once).for_each(async |_| {}).await;
    let rate = rate(messages, started);
    assert_eq!(app.wechat().count_arrived() - before, messages);
    rate
}

#[expect(clippy::cast_precision_loss, reason = "a count of messages")]
fn rate(messages: usize, since: Instant) -> f64 {
    messages as f64 / since.elapsed().as_secs_f64()
}
