//! What is measured on: a database with the demo district, the service's configuration, and the tokens
//! of those who ask.

use std::path::PathBuf;

use anyhow::Context;
use bytes::Bytes;
use serde_json::{Value, json};
use std::process::Command;
use wechat_sim::{RunningSimulator, SimOptions, Simulator};

use crate::load::{once, post};
use crate::process::{Postgres, Server, run};

const APPID: &str = "wx0123456789abcdef";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const PASSWORD: &str = "a password of the bench";
/// Codes that are scanned in turn: more than requests under way, so that these seldom meet at one.
const CODES: usize = 64;

/// The place of the measurements.
pub(crate) struct District {
    /// What its database is called.
    name: &'static str,
    pub(crate) dir: PathBuf,
    pub(crate) postgres: Postgres,
    pub(crate) redis_url: String,
    pub(crate) redis_pid: u32,
    pub(crate) workers: usize,
    pub(crate) api: PathBuf,
    pub(crate) wechat: RunningSimulator,
}

impl District {
    /// Makes the database of this name and loads the demo district.
    pub(crate) fn found(arguments: crate::Arguments, name: &'static str) -> anyhow::Result<Self> {
        let crate::Arguments { dir, api, postgres, postgres_pid, postgres_bin, redis, redis_pid, .. } =
            arguments;
        let server = Postgres { tools: postgres_bin, url: postgres.to_string(), pid: postgres_pid };
        server.query(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        server.query(&format!("CREATE DATABASE {name}"))?;
        let mut url = postgres;
        url.set_path(name);
        let wechat = Simulator::start(SimOptions::new(APPID, SECRET))?;
        let district = Self {
            name,
            dir,
            api,
            wechat,
            postgres: Postgres { url: url.into(), ..server },
            redis_url: redis.into(),
            redis_pid,
            workers: std::thread::available_parallelism()?.get(),
        };
        let config = district.config("")?;
        for step in ["migrate", "demo"] {
            run(Command::new(&district.api).arg(step).arg("--config").arg(&config))?;
        }
        Ok(district)
    }

    /// Writes a production configuration, with wide limits and a part that differs.
    fn config(&self, part: &str) -> anyhow::Result<PathBuf> {
        let name = self.name;
        let file = self.dir.join(format!("{name}.toml"));
        let (database, redis, wechat) = (&self.postgres.url, &self.redis_url, self.wechat.base_url());
        let (files, workers) = (self.dir.join("files"), self.workers);
        // As wide as can be: they count every request as ever, and never refuse.
        let wide = "{ burst = 1000000, every_ms = 1 }";
        let limits = [
            "read_by_address",
            "scan_by_code",
            "intake_by_account",
            "intake_by_code",
            "intake_by_address",
            "upload_by_address",
            "login_by_address",
            "use_by_account",
        ];
        let limits: String = limits.iter().map(|limit| format!("limits.{limit} = {wide}\n")).collect();
        let text = format!(
            r#"
server.port = 0
server.public_url = "https://m.example"
server.workers = {workers}
database.url = "{database}"
cache.redis_url = "{redis}"
cache.redis_prefix = "{name}"
auth.keys = [{{ id = "bench", secret = "a signing key of the bench, 32 bytes" }}]
secrets.code_keys = [{{ version = "A", secret = "a code key of the bench, 32 bytes long" }}]
secrets.data_keys = [{{ id = 1, secret = "a data key of the bench, 32 bytes long" }}]
wechat.base_url = "{wechat}"
wechat.appid = "{APPID}"
wechat.secret = "{SECRET}"
storage.path = "{}"
demo.enabled = true
demo.password = "{PASSWORD}"
{limits}{part}
"#,
            files.display()
        );
        std::fs::write(&file, text)?;
        Ok(file)
    }

    /// Starts the service with a part of the configuration that differs from production's defaults.
    pub(crate) fn serve(&self, part: &str) -> anyhow::Result<Server> {
        let mut command = Command::new(&self.api);
        command.arg("serve").arg("--config").arg(self.config(part)?);
        Server::start(command, &self.dir.join("api.log"))
    }

    /// The header of one of the demo district's users who has logged in by WeChat.
    pub(crate) async fn user(&self, port: u16, name: &str) -> anyhow::Result<String> {
        let js_code = self.wechat.sim().login(name).map_err(|error| anyhow::anyhow!("{error}"))?;
        authorization(port, "/api/v1/sessions/wechat", &json!({ "js_code": js_code })).await
    }

    /// The header of a resident who has logged in by WeChat.
    pub(crate) async fn resident(&self, port: u16) -> anyhow::Result<String> {
        self.user(port, "demo-resident").await
    }

    /// The header of the station's manager, who has logged in by password.
    pub(crate) async fn manager(&self, port: u16) -> anyhow::Result<String> {
        let body = json!({ "login": "demo-manager", "password": PASSWORD });
        authorization(port, "/api/v1/sessions/password", &body).await
    }

    /// Ends what was started for it.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        Ok(self.wechat.stop().await?)
    }

    /// Codes of the manager's station, made for the bench.
    pub(crate) async fn codes(&self, port: u16) -> anyhow::Result<Vec<String>> {
        let manager = self.manager(port).await?;
        let sql = "SELECT scope_id FROM role_bindings WHERE role = 'station_manager' LIMIT 1";
        let station = self.postgres.query(sql)?;
        let path = format!("/api/v1/stations/{}/codes", station.trim());
        let mut codes = Vec::new();
        for number in 0..CODES {
            let headers = format!("{manager}Idempotency-Key: code-{port}-{number}\r\n");
            let issued = once(port, &post(&path, &headers, "application/json", b"{}")).await?.json(201)?;
            codes.push(text(&issued, "/token")?);
        }
        Ok(codes)
    }
}

async fn authorization(port: u16, path: &str, body: &Value) -> anyhow::Result<String> {
    let request: Bytes = post(path, "", "application/json", body.to_string().as_bytes());
    let session = once(port, &request).await?.json(201)?;
    Ok(format!("Authorization: Bearer {}\r\n", text(&session, "/access_token")?))
}

/// A text within an answer.
pub(crate) fn text(json: &Value, pointer: &str) -> anyhow::Result<String> {
    let text = json.pointer(pointer).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {pointer} in {json}"))?.to_owned())
}
