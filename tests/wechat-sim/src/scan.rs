//! What WeChat does with a scanned link: the rules of "ordinary link opens the mini-program".
//!
//! Pure. A link matches a rule of the same scheme and host whose path is the link's path, or, if the rule's
//! path ends with `/`, a parent of it; a rule's query must begin the link's query. The longest rule that
//! matches decides, even when it is not published.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// One rule of the mini-program's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanRule {
    /// The link, or with a trailing `/` the folder of links.
    pub prefix: Url,
    /// The page of the mini-program that opens.
    #[serde(default = "default_page")]
    pub path: String,
    /// An unpublished rule shields its links from shorter rules, and opens nothing.
    #[serde(default = "published")]
    pub published: bool,
    /// Whether nobody else may have rules for links below it.
    #[serde(default)]
    pub claims: ClaimsBelow,
    /// Which version of the mini-program opens.
    #[serde(default)]
    pub version: Version,
    /// Links with which it can be tried before it is published, by those who develop.
    #[serde(default)]
    pub test_links: Vec<Url>,
}

/// Whether a rule claims the links below it (占用所有子规则).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimsBelow {
    /// It does not.
    #[default]
    No,
    /// It does.
    Yes,
}

/// A version of the mini-program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Version {
    /// The one that is being developed.
    Develop,
    /// The one on trial.
    Trial,
    /// The one that everybody has.
    #[default]
    Release,
}

fn default_page() -> String {
    "pages/scan/index".to_owned()
}

const fn published() -> bool {
    true
}

impl ScanRule {
    /// A published rule that opens the default page.
    #[must_use]
    pub fn published(prefix: Url) -> Self {
        Self {
            prefix,
            path: default_page(),
            published: true,
            claims: ClaimsBelow::default(),
            version: Version::default(),
            test_links: Vec::new(),
        }
    }

    pub(crate) fn matches(&self, link: &Url) -> bool {
        let rule = &self.prefix;
        let same_path = rule.path() == link.path()
            || (rule.path().ends_with('/') && link.path().starts_with(rule.path()));
        let query_begins = rule.query().is_none_or(|q| link.query().unwrap_or("").starts_with(q));
        rule.origin() == link.origin() && same_path && query_begins
    }

    fn length(&self) -> usize {
        self.prefix.as_str().len()
    }
}

/// What the phone shows after a scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Opening {
    /// The mini-program, with what `onLoad` gets.
    MiniProgram {
        /// The page.
        path: String,
        /// The page's query.
        query: ScanQuery,
        /// 1011: a code was scanned.
        scene: u16,
    },
    /// The browser within WeChat.
    Web {
        /// The link, as scanned.
        open_web: String,
    },
}

/// The query that a page gets from a scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScanQuery {
    /// The whole link, percent-encoded once as `encodeURIComponent` does.
    pub q: String,
    /// Unix seconds, as text.
    pub scancode_time: String,
}

/// Decides what a scanned link opens.
pub(crate) fn open(link: &Url, scanned: &str, rules: &[ScanRule], now: DateTime<Utc>) -> Opening {
    let deciding = rules.iter().filter(|rule| rule.matches(link)).max_by_key(|rule| rule.length());
    match deciding {
        Some(rule) if rule.published => Opening::MiniProgram {
            path: rule.path.clone(),
            query: ScanQuery { q: encode_uri_component(scanned), scancode_time: now.timestamp().to_string() },
            scene: 1011,
        },
        _ => Opening::Web { open_web: scanned.to_owned() },
    }
}

fn encode_uri_component(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(rules: &[(&str, bool)], link: &str) -> bool {
        let rules: Vec<_> = rules
            .iter()
            .map(|(prefix, published)| ScanRule {
                published: *published,
                ..ScanRule::published(prefix.parse().unwrap())
            })
            .collect();
        let opening = open(&link.parse().unwrap(), link, &rules, DateTime::UNIX_EPOCH);
        matches!(opening, Opening::MiniProgram { .. })
    }

    #[test]
    fn links_match_rules_as_the_published_table_says() {
        let table = [
            ("http://h/a/b", "https://h/a/b", false),
            ("https://h/a/b", "https://x.h/a/b", false),
            ("https://h/a/b?id=123", "https://h/a/b?id=132", false),
            ("https://h/a/b", "https://h/a/bc", false),
            ("https://h/a/b", "https://h/a/b/123", false),
            ("https://h/a/b", "https://h/a/b", true),
            ("https://h/a/b", "https://h/a/b?id=1", true),
            ("https://h/a/b?id=", "https://h/a/b?id=1", true),
            ("https://h/a/b?id=", "https://h/a/b", false),
            ("https://h/a/", "https://h/a/b", true),
            ("https://h/a/", "https://h/a/b/c", true),
            ("https://h/a/", "https://h/a", false),
            ("https://h/a/", "https://h/a/../c", false),
            ("https://h/a/", "https://h:444/a/b", false),
            ("https://h/a/", "https://h@evil/a/b", false),
        ];
        for (rule, link, expected) in table {
            assert_eq!(opens(&[(rule, true)], link), expected, "rule {rule}, link {link}");
        }
    }

    #[test]
    fn an_unpublished_rule_shields_its_link_from_a_published_shorter_one() {
        let rules = [("https://h/a/", true), ("https://h/a/b", false)];
        assert!(!opens(&rules, "https://h/a/b"));
        assert!(opens(&rules, "https://h/a/c"));
        assert!(opens(&rules, "https://h/a/b/c"));
    }

    #[test]
    fn the_link_is_encoded_once_as_the_browser_would() {
        assert_eq!(
            encode_uri_component("https://h/c/a-b_c?x=1&名=%20"),
            "https%3A%2F%2Fh%2Fc%2Fa-b_c%3Fx%3D1%26%E5%90%8D%3D%2520"
        );
    }
}
