//! How every call is made: in its turn, within its time, tried again where that may help, measured.
//!
//! A file of calls uses [`WeChat::post`] and [`WeChat::get`], with a path that has its row in `policy.rs`.

use std::time::Duration;

use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use super::client::WeChat;
use super::error::WeChatError;
use super::policy::{self, Api, Wait};
use super::tally;
use super::wire::{self, Answer};

impl WeChat {
    /// Posts to an API that takes the access token. A token that is refused is replaced, and the call
    /// made again, once.
    ///
    /// # Errors
    /// Those of WeChat.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &'static str,
        body: &Value,
    ) -> Result<T, WeChatError> {
        let api = policy::of(path);
        self.call_with_token(api, |query| self.http.post(self.url(path)).query(query).json(body), wire::read)
            .await
    }

    /// Gets from an API that takes the access token and nothing else, like [`Self::post`].
    ///
    /// # Errors
    /// Those of WeChat.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &'static str) -> Result<T, WeChatError> {
        let api = policy::of(path);
        self.call_with_token(api, |query| self.http.get(self.url(path)).query(query), wire::read).await
    }

    /// Calls an API that takes no access token.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        api: &Api,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<T, WeChatError> {
        let deadline = self.deadline(api);
        let mut tries = 0;
        loop {
            tries += 1;
            let failed = match self.try_once(api, deadline, request(), &wire::read).await {
                Err(error) => error,
                answered => return answered,
            };
            self.pause(api, failed, tries, deadline).await?;
        }
    }

    /// Calls an API that takes the access token, and reads the answer by `read`.
    pub(super) async fn call_with_token<T>(
        &self,
        api: &Api,
        request: impl Fn(&[(&str, &str)]) -> RequestBuilder,
        read: impl Fn(&Answer) -> Result<T, WeChatError>,
    ) -> Result<T, WeChatError> {
        let mut token = self.token().await?;
        let deadline = self.deadline(api);
        let (mut tries, mut replaced) = (0, false);
        loop {
            let query = [("access_token", token.expose())];
            let failed = match self.try_once(api, deadline, request(&query), &read).await {
                Err(error) => error,
                answered => return answered,
            };
            if failed.is_stale_token() && !replaced {
                replaced = true;
                token = self.token_after(&token, &failed).await?;
                continue;
            }
            tries += 1;
            self.pause(api, failed, tries, deadline).await?;
        }
    }

    /// Waits until the call may be made again.
    ///
    /// # Errors
    /// The failure, when the call must not be made again, or not in time.
    async fn pause(
        &self,
        api: &Api,
        failed: WeChatError,
        tries: u32,
        deadline: Instant,
    ) -> Result<(), WeChatError> {
        let Some(pause) = api.pause(&failed, tries).map(|pause| self.pace.with_jitter(pause)) else {
            return Err(failed);
        };
        if Instant::now() + pause >= deadline {
            return Err(failed);
        }
        tracing::debug!(api = api.path, tries, error = %failed, "WeChat is asked again");
        tokio::time::sleep(pause).await;
        Ok(())
    }

    async fn try_once<T>(
        &self,
        api: &Api,
        deadline: Instant,
        request: RequestBuilder,
        read: &impl Fn(&Answer) -> Result<T, WeChatError>,
    ) -> Result<T, WeChatError> {
        let started = Instant::now();
        let outcome = match self.pace.wait_for_turn(api, left(deadline)).await {
            Ok(()) => {
                let request = request.timeout(self.time_out(api).min(left(deadline)));
                wire::exchange(request).await.and_then(|answer| read(&answer))
            }
            Err(retry_after) => Err(WeChatError::Limited { api: api.path, retry_after }),
        };
        tally::record(api, &outcome, started.elapsed());
        outcome
    }

    fn time_out(&self, api: &Api) -> Duration {
        match api.wait {
            Wait::Usual => self.timeout,
            Wait::Picture => self.picture_timeout,
        }
    }

    /// All tries together end within twice the usual time, so that a request that waits for them does.
    fn deadline(&self, api: &Api) -> Instant {
        Instant::now() + self.time_out(api).max(self.timeout * 2)
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
