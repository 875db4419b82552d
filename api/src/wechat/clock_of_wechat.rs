//! What time WeChat's server says it is: its answers carry it in a header.

use chrono::{DateTime, Utc};

use super::client::WeChat;
use super::error::WeChatError;
use super::wire;

impl WeChat {
    /// The time of WeChat's server, to the second; nothing when its answer does not say.
    ///
    /// # Errors
    /// It can't be reached.
    pub async fn server_time(&self) -> Result<Option<DateTime<Utc>>, WeChatError> {
        // Any address answers; this one does nothing.
        let answer = wire::exchange(self.http.get(self.url("/")).timeout(self.timeout)).await?;
        let date = answer.date.and_then(|date| DateTime::parse_from_rfc2822(&date).ok());
        Ok(date.map(|date| date.to_utc()))
    }
}
