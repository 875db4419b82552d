//! A simulator and somebody who calls it.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use wechat_sim::{ClockMode, RunningSimulator, SimHandle, SimOptions, Simulator};

pub const APPID: &str = "wx0123456789abcdef";
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A simulator with a standing clock, and a caller.
pub struct Stage {
    running: RunningSimulator,
    http: Client,
}

/// An answer as it came over the wire.
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub text: String,
}

impl Answer {
    async fn read(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            content_type: response.headers()["content-type"].to_str().unwrap().to_owned(),
            text: response.text().await.unwrap(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn errcode(&self) -> Option<i64> {
        self.json()["errcode"].as_i64()
    }

    pub fn errmsg(&self) -> String {
        self.json()["errmsg"].as_str().unwrap().to_owned()
    }

    pub fn field(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {}", self.text)).to_owned()
    }
}

/// 09:00 on a Monday in Beijing.
pub fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 1, 0, 0).unwrap()
}

pub fn client() -> Client {
    // A second installation fails and changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

impl Stage {
    pub fn set() -> Self {
        let options = SimOptions { clock: ClockMode::Manual(morning()), ..SimOptions::new(APPID, SECRET) }
            .with_public_url(&"https://service.example".parse().unwrap())
            .unwrap();
        Self { running: Simulator::start(options).unwrap(), http: client() }
    }

    pub fn sim(&self) -> &SimHandle {
        self.running.sim()
    }

    pub fn url(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.running.base_url())
    }

    pub fn advance(&self, seconds: i64) {
        self.sim().advance(TimeDelta::seconds(seconds)).unwrap();
    }

    pub async fn try_send(
        &self,
        method: Method,
        path_and_query: &str,
        body: impl Into<String>,
    ) -> reqwest::Result<Answer> {
        let request = self.http.request(method, self.url(path_and_query)).body(body.into());
        Ok(Answer::read(request.send().await?).await)
    }

    pub async fn get(&self, path_and_query: &str) -> Answer {
        self.try_send(Method::GET, path_and_query, "").await.unwrap()
    }

    pub async fn post(&self, path_and_query: &str, body: Value) -> Answer {
        self.try_send(Method::POST, path_and_query, body.to_string()).await.unwrap()
    }

    /// Calls a driver and reads its answer, if it has one.
    pub async fn drive(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = self.http.request(method, self.url(path)).body(body).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null))
    }

    pub async fn stable_token_answer(&self, force_refresh: bool) -> Answer {
        let body = json!({
            "grant_type": "client_credential", "appid": APPID, "secret": SECRET,
            "force_refresh": force_refresh,
        });
        self.post("/cgi-bin/stable_token", body).await
    }

    pub async fn stable_token(&self) -> String {
        self.stable_token_answer(false).await.field("access_token")
    }

    pub async fn legacy_token(&self) -> String {
        let query = format!("grant_type=client_credential&appid={APPID}&secret={SECRET}");
        self.get(&format!("/cgi-bin/token?{query}")).await.field("access_token")
    }

    /// What a call with this token answers: nothing when it is good.
    pub async fn token_errcode(&self, token: &str) -> Option<i64> {
        let path = format!("/wxa/checksession?access_token={token}&openid=nobody");
        self.get(&path).await.errcode().filter(|errcode| *errcode != 40003)
    }

    pub async fn code_to_session(&self, js_code: &str) -> Answer {
        self.get(&Self::code_to_session_path(js_code)).await
    }

    pub fn code_to_session_path(js_code: &str) -> String {
        format!(
            "/sns/jscode2session?appid={APPID}&secret={SECRET}&js_code={js_code}\
             &grant_type=authorization_code"
        )
    }
}
