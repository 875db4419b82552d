//! Sending what waits: fetching pictures, signing, encrypting, trying three times.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, RequestBuilder};
use serde_json::{Map, Value, json};
use url::Url;

use super::{ATTEMPTS, Delivery, MediaJob, PATIENCE, PushFormat, PushMode, PushTarget, Waiting, seal, xml};
use crate::handle::{DriverError, SimHandle};

/// The largest picture that is fetched.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// A client that follows no redirect: what redirects counts as not downloadable.
fn client(patience: Duration) -> Result<Client, DriverError> {
    // A second installation fails and changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let builder = Client::builder().no_proxy().timeout(patience).redirect(reqwest::redirect::Policy::none());
    builder.build().map_err(|error| DriverError::Push(error.to_string()))
}

/// One call to the receiver, ready to be sent.
struct Parcel {
    query: Vec<(&'static str, String)>,
    body: String,
}

impl SimHandle {
    /// Looks at all pictures that were handed in, and sends everything that is due: each up to three times,
    /// until it is taken.
    ///
    /// # Errors
    /// No client can be made.
    pub async fn deliver(&self) -> Result<Vec<Delivery>, DriverError> {
        let client = client(PATIENCE)?;
        let media: Vec<MediaJob> = self.world().pushes.media.drain(..).collect();
        for job in media {
            self.examine(&client, job).await;
        }
        let (target, options, mut due) = {
            let now = self.now();
            let mut world = self.world();
            let pushes = &mut world.pushes;
            let (due, later): (Vec<Waiting>, Vec<Waiting>) =
                pushes.waiting.drain(..).partition(|waiting| waiting.due_at <= now);
            pushes.waiting.extend(later);
            (pushes.target.clone(), pushes.options.clone(), due)
        };
        let Some(target) = target.filter(|_| !options.drop) else { return Ok(Vec::new()) };
        if options.reorder {
            due.reverse();
        }
        let mut deliveries = Vec::new();
        for waiting in due {
            for _ in 0..=options.duplicates {
                deliveries.push(self.send(&client, &target, &waiting.message).await);
            }
        }
        self.world().pushes.log.extend(deliveries.clone());
        Ok(deliveries)
    }

    async fn send(&self, client: &Client, target: &PushTarget, message: &Map<String, Value>) -> Delivery {
        let event = message.get("Event").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut delivery = Delivery { event, attempts: 0, taken: false, status: None };
        while delivery.attempts < ATTEMPTS && !delivery.taken {
            delivery.attempts += 1;
            let Some(parcel) = self.pack(target, message) else { break };
            (delivery.status, delivery.taken) = post(client, target, parcel).await;
        }
        delivery
    }

    /// Signs and encrypts, anew for every try, as WeChat does.
    fn pack(&self, target: &PushTarget, message: &Map<String, Value>) -> Option<Parcel> {
        let now = self.now();
        let mut world = self.world();
        let options = world.pushes.options.clone();
        let appid =
            if options.wrong_appid { "wx0000000000000000".to_owned() } else { world.app.appid.clone() };
        let token = if options.wrong_signature { "another token" } else { target.token.as_str() };
        let (timestamp, nonce) = (now.timestamp().to_string(), world.random.nonce());
        let from = message.get("FromUserName").and_then(Value::as_str).unwrap_or_default().to_owned();
        let to = message.get("ToUserName").cloned().unwrap_or_default();
        let text = match target.format {
            PushFormat::Json => Value::Object(message.clone()).to_string(),
            PushFormat::Xml => xml::write(message),
        };
        let mut query = vec![
            ("signature", seal::sign(token, &[&timestamp, &nonce])),
            ("timestamp", timestamp.clone()),
            ("nonce", nonce.clone()),
            ("openid", from),
        ];
        if target.mode == PushMode::Plain {
            return Some(Parcel { query, body: text });
        }
        let key = seal::decode_key(&target.aes_key)?;
        let encrypted = seal::encrypt(&key, world.random.block(), text.as_bytes(), &appid)?;
        query.push(("encrypt_type", "aes".to_owned()));
        query.push(("msg_signature", seal::sign(token, &[&timestamp, &nonce, &encrypted])));
        let mut envelope = Map::new();
        envelope.insert("ToUserName".to_owned(), to);
        if target.mode == PushMode::Compatible {
            envelope.extend(message.clone());
        }
        envelope.insert("Encrypt".to_owned(), json!(encrypted));
        let body = match target.format {
            PushFormat::Json => Value::Object(envelope).to_string(),
            PushFormat::Xml => xml::write(&envelope),
        };
        Some(Parcel { query, body })
    }

    /// Fetches a picture as WeChat does, and lets what is found wait to be sent.
    async fn examine(&self, client: &Client, job: MediaJob) {
        let url = self.world().pushes.resolve(&job.url);
        let found = fetch(client, &url).await;
        let now = self.now();
        let mut world = self.world();
        let appid = world.app.appid.clone();
        let head = json!({ "appid": appid, "trace_id": job.trace_id, "version": 2 });
        let rest = if found {
            let result = json!({ "suggest": job.verdict.suggest, "label": job.verdict.label });
            let detail = json!([{
                "strategy": "content_model", "errcode": 0, "suggest": job.verdict.suggest,
                "label": job.verdict.label, "prob": 90,
            }]);
            json!({ "detail": detail, "errcode": 0, "errmsg": "ok", "result": result })
        } else {
            json!({ "detail": [], "errcode": -1008, "errmsg": "下载错误,请检查媒体链接是否有效" })
        };
        let (Value::Object(mut members), Value::Object(rest)) = (head, rest) else { return };
        members.extend(rest);
        // The sender is the platform, not the resident.
        world.pushes.enqueue("o4_t144jTUSEoxydysUA2E234_tc", "wxa_media_check", Value::Object(members), now);
    }

    /// What lies at an address; `None` when there is nothing, or it leads elsewhere.
    pub(crate) async fn read_file(&self, address: &str) -> Option<Vec<u8>> {
        let answer = client(PATIENCE).ok()?.get(address).send().await.ok()?;
        if answer.status() != 200 {
            return None;
        }
        Some(answer.bytes().await.ok()?.to_vec())
    }

    /// What a console does when a receiver is entered: asks it by GET, and keeps it when it answers rightly.
    ///
    /// # Errors
    /// [`DriverError::Push`] when it does not, with what it answered.
    pub async fn configure_push(&self, target: PushTarget) -> Result<(), DriverError> {
        if target.mode != PushMode::Plain && seal::decode_key(&target.aes_key).is_none() {
            return Err(DriverError::Push("the EncodingAESKey has not 43 characters".to_owned()));
        }
        let (query, echo) = {
            let now: DateTime<Utc> = self.now();
            let mut world = self.world();
            let (timestamp, nonce, echo) =
                (now.timestamp().to_string(), world.random.nonce(), world.random.nonce());
            let signature = seal::sign(&target.token, &[&timestamp, &nonce]);
            let query = [
                ("signature", signature),
                ("timestamp", timestamp),
                ("nonce", nonce),
                ("echostr", echo.clone()),
            ];
            (query, echo)
        };
        let asked = client(PATIENCE)?.get(address(&target.url, &query)).send().await;
        let answer = asked.map_err(|error| DriverError::Push(error.to_string()))?;
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap_or_default();
        if status != 200 || text != echo {
            return Err(DriverError::Push(format!("it answered {status} and not the word that it was sent")));
        }
        self.world().pushes.target = Some(target);
        Ok(())
    }
}

fn address(url: &Url, query: &[(&'static str, String)]) -> Url {
    let mut url = url.clone();
    url.query_pairs_mut().extend_pairs(query);
    url
}

/// Only 200 with `success`, or with nothing, counts as taken.
async fn post(client: &Client, target: &PushTarget, Parcel { query, body }: Parcel) -> (Option<u16>, bool) {
    let kind = match target.format {
        PushFormat::Json => "application/json",
        PushFormat::Xml => "text/xml",
    };
    let request: RequestBuilder =
        client.post(address(&target.url, &query)).header("content-type", kind).body(body);
    let Ok(answer) = request.send().await else { return (None, false) };
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap_or_default();
    (Some(status), status == 200 && matches!(text.as_str(), "" | "success"))
}

/// Whether there is a picture: asked by HEAD first, then fetched whole, with the length that was promised.
async fn fetch(client: &Client, url: &str) -> bool {
    let Ok(head) = client.head(url).send().await else { return false };
    if head.status() != 200 {
        return false;
    }
    let Ok(answer) = client.get(url).send().await else { return false };
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, kind, length) = (answer.status(), header("content-type"), header("content-length"));
    let Ok(body) = answer.bytes().await else { return false };
    let promised = length.and_then(|length| length.parse::<usize>().ok());
    status == 200
        && kind.is_some_and(|kind| kind.starts_with("image/"))
        && promised == Some(body.len())
        && !body.is_empty()
        && body.len() <= MOST_BYTES
}
