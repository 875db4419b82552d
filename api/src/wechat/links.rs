//! Links that open the mini-program from outside of WeChat, such as from an SMS.

use std::fmt;

use serde::Deserialize;
use serde_json::json;

use super::client::WeChat;
use super::error::WeChatError;
use super::pictures::EnvVersion;

/// The longest that a link may live, in days.
const MOST_DAYS: u8 = 30;
/// The longest query, in bytes; it is ASCII.
const MOST_QUERY: usize = 1024;

/// What a link is to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRequest {
    path: String,
    query: String,
    days: u8,
    version: EnvVersion,
}

impl LinkRequest {
    /// A link to a page, for 1 to 30 days. Path and query are checked here, so that WeChat never has to
    /// refuse them: a path without a leading slash, a query of at most 1024 of the characters that WeChat
    /// takes.
    #[must_use]
    pub fn new(path: &str, query: &str, days: u8, version: EnvVersion) -> Option<Self> {
        let path_fits = is_page(path);
        let query_fits = query.len() <= MOST_QUERY && query.bytes().all(is_of_a_query);
        let fits = path_fits && query_fits && (1..=MOST_DAYS).contains(&days);
        fits.then(|| Self { path: path.to_owned(), query: query.to_owned(), days, version })
    }
}

/// Whether it can be the path of a page: `pages/scan/index`.
pub(super) fn is_page(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-');
    (1..=128).contains(&path.len()) && !path.starts_with('/') && path.bytes().all(plain)
}

fn is_of_a_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&'()*+,/:;=?@-._~%".contains(&byte)
}

/// A link. It opens what its query names, so it is not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct UrlLink(String);

impl UrlLink {
    /// The link, to be sent to somebody.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UrlLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UrlLink(****)")
    }
}

#[derive(Deserialize)]
struct LinkAnswer {
    url_link: String,
}

impl WeChat {
    /// A link of `https` that opens the mini-program; many people may open it until its days are over.
    ///
    /// # Errors
    /// WeChat refuses or does not answer; or gives something that is no link.
    pub async fn url_link(&self, request: &LinkRequest) -> Result<UrlLink, WeChatError> {
        let body = json!({
            "path": request.path,
            "query": request.query,
            "expire_type": 1,
            "expire_interval": request.days,
            "env_version": request.version.as_str(),
        });
        let LinkAnswer { url_link } = self.post("/wxa/generate_urllink", &body).await?;
        if url_link.starts_with("https://") {
            return Ok(UrlLink(url_link));
        }
        Err(WeChatError::BadBody {
            status: 200,
            content_type: String::new(),
            bytes: url_link.len(),
            problem: "its link is none of https".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_wechat_takes_is_asked_for() {
        let request =
            |path: &str, query: &str, days| LinkRequest::new(path, query, days, EnvVersion::Release);
        assert!(request("pages/case/detail", "id=1&t=%E4%BB%B6", 30).is_some());
        assert!(request("pages/case/detail", "", 1).is_some());
        for (path, query, days) in [
            ("/pages/case", "", 1),
            ("pages/case?id=1", "", 1),
            ("", "", 1),
            ("页", "", 1),
            ("pages/case", "名=1", 1),
            ("pages/case", "a b", 1),
            ("pages/case", &"x".repeat(1025), 1),
            ("pages/case", "", 0),
            ("pages/case", "", 31),
        ] {
            assert!(request(path, query, days).is_none(), "{path} {query} {days}");
        }
    }

    #[test]
    fn a_link_is_never_printed() {
        assert_eq!(format!("{:?}", UrlLink("https://wxaurl.cn/secret".to_owned())), "UrlLink(****)");
    }
}
