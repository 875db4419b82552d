//! Whether WeChat would reach our callback: asked as WeChat asks when the address is entered in its console.

use std::time::Duration;

use reqwest::Client;
use url::Url;

use super::Finding;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::ids::Ids;
use crate::wechat::{PushKeys, http_client};

const SUBJECT: &str = "callback";
/// WeChat waits no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks; nothing to say where no message push is configured.
pub(super) async fn examine(config: &Config, clock: &SharedClock) -> Option<Finding> {
    let ids = Ids::random(clock.clone());
    let keys = PushKeys::new(&config.wechat.push, &config.wechat.appid)?;
    let http = match http_client(&config.wechat) {
        Ok(http) => http,
        Err(error) => return Some(Finding::fail(SUBJECT, error.to_string())),
    };
    let address = format!("{}/wechat/callback", config.server.public_url.trim_end_matches('/'));
    let echo = ids.draw().to_string();
    let query = keys.question(clock.now(), &ids.secret(), &echo);
    let finding = match Url::parse_with_params(&address, query) {
        Ok(url) => ask(&http, url, &echo).await,
        Err(error) => Finding::fail(SUBJECT, error.to_string()),
    };
    Some(finding)
}

async fn ask(http: &Client, url: Url, echo: &str) -> Finding {
    let place = format!("{}{}", url.host_str().unwrap_or(""), url.path());
    let asked = async {
        let answer = http.get(url).send().await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok((status, body))) if status.is_success() && body == echo => {
            Finding::ok(SUBJECT, format!("{place} answers as WeChat wants it"))
        }
        Ok(Ok((status, _))) => {
            Finding::fail(SUBJECT, format!("{place} answers {status} and not what WeChat asks for"))
        }
        // From here that need not mean anything: the service may not run yet, or the way in lead past us.
        Ok(Err(_)) => Finding::warn(SUBJECT, format!("{place} can't be reached from here")),
        Err(_) => Finding::warn(SUBJECT, format!("{place} does not answer within 5 s")),
    }
}
