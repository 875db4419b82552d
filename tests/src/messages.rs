//! Messages by WeChat: templates for stories, agreements, and what has arrived on somebody's phone.

use api::service::subscriptions::{RefusedIn, SentResult, accepted, refused, sent_result};
use api::store::subscriptions::Key;
use wechat_sim::SubscribeEvent;

use crate::settings::APPID;
use crate::{App, Setup};

/// The kinds of messages about cases, with the simulator's template for each.
const OF_CASES: [(&str, &str); 10] = [
    ("received", "demo-received"),
    ("progress", "demo-progress"),
    ("asked_back", "demo-asked-back"),
    ("answered", "demo-answered"),
    ("confirm_reminder", "demo-confirm"),
    ("ended", "demo-ended"),
    ("new_case", "demo-new-case"),
    ("dispatched", "demo-dispatched"),
    ("case_news", "demo-case-news"),
    ("overdue", "demo-overdue"),
];
/// Those about shifts and reception days.
const OF_SHIFTS: [(&str, &str); 2] = [("reception", "demo-reception"), ("shift", "demo-shift")];

impl Setup {
    /// With the simulator's templates, all of one term: `once` or `long`.
    #[must_use]
    pub fn templates(self) -> Self {
        let of_case =
            r#"{ character_string1 = "number", thing2 = "title", time3 = "at", thing4 = "station" }"#;
        let of_shift = r#"{ thing1 = "title", time2 = "at", thing3 = "station" }"#;
        let template = |(kind, id): (&str, &str), page: &str, fields: &str| {
            format!(r#"{kind} = {{ id = "{id}", term = "once", page = "{page}", fields = {fields} }}"#)
        };
        let cases =
            OF_CASES.map(|kind| template(kind, "pages/case/detail?id={case_id}&m={message_id}", of_case));
        let shifts = OF_SHIFTS.map(|kind| template(kind, "pages/message/detail?m={message_id}", of_shift));
        let all: Vec<String> = cases.into_iter().chain(shifts).collect();
        self.set("messages.templates", &format!("{{ {} }}", all.join(", ")))
    }
}

impl App {
    /// Somebody says yes to templates in the popup, and WeChat tells so.
    ///
    /// # Panics
    /// There is no such user or template.
    pub async fn agree(&self, name: &str, templates: &[&str]) {
        self.wechat().accept(name, templates).unwrap_or_else(|error| panic!("{error}"));
        self.hand_over_events().await;
    }

    /// Somebody says yes to everything, so many times.
    ///
    /// # Panics
    /// There is no such user.
    pub async fn agree_to_all(&self, name: &str, times: usize) {
        let ids: Vec<String> =
            self.wechat().templates().into_iter().map(|template| template.pri_tmpl_id).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for _ in 0..times {
            self.agree(name, &ids).await;
        }
    }

    /// Hands WeChat's events about agreements and messages over to the service, as its callback does.
    /// Returns how many there were.
    ///
    /// # Panics
    /// The database does not take them.
    pub async fn hand_over_events(&self) -> usize {
        let events = self.wechat().take_subscribe_events();
        for event in &events {
            self.hand_over(event).await;
        }
        events.len()
    }

    async fn hand_over(&self, event: &SubscribeEvent) {
        let state = self.state();
        let key = |openid: &str, template_id: &str| Key {
            appid: APPID.to_owned(),
            openid: openid.to_owned(),
            template_id: template_id.to_owned(),
        };
        let tx = state.db.begin().await.expect("a transaction");
        match event {
            SubscribeEvent::Popup { openid, answers } => {
                for (template_id, yes) in answers {
                    let key = key(openid, template_id);
                    let noted = match yes {
                        true => accepted(state, &tx, &key).await,
                        false => refused(state, &tx, &key, RefusedIn::Popup).await,
                    };
                    noted.expect("the answer is noted");
                }
            }
            SubscribeEvent::Change { openid, template_id } => {
                let noted = refused(state, &tx, &key(openid, template_id), RefusedIn::Settings).await;
                noted.expect("the no is noted");
            }
            SubscribeEvent::Sent { openid, template_id, msg_id } => {
                let name = msg_id.to_string();
                let result = SentResult { msg_id: Some(&name), error_code: 0 };
                let noted = sent_result(state, &tx, &key(openid, template_id), result).await;
                noted.expect("the result is noted");
            }
        }
        tx.commit().await.expect("the commit");
    }

    /// What arrived on somebody's phone about cases: their titles, oldest first.
    ///
    /// # Panics
    /// There is no such user.
    #[must_use]
    pub fn phone(&self, name: &str) -> Vec<String> {
        let arrived = self.wechat().arrived_at(name).unwrap_or_else(|error| panic!("{error}"));
        let titles = arrived.into_iter().filter_map(|mut message| {
            message.data.remove("thing2").or_else(|| message.data.remove("thing1"))
        });
        titles.collect()
    }

    /// How many messages are in a state.
    ///
    /// # Panics
    /// The query fails.
    pub async fn deliveries(&self, state: &str) -> i64 {
        self.db_count("deliveries", Some(&format!("state = '{state}'"))).await
    }

    /// The credits that the service knows of.
    ///
    /// # Panics
    /// The query fails.
    pub async fn ledger(&self) -> u64 {
        let credits = api::store::subscriptions::count_credits(self.db(), APPID).await;
        credits.ok().and_then(|credits| u64::try_from(credits).ok()).expect("the ledger is read")
    }
}
