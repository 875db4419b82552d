//! The mini-programs of a deployment: `wechat.appid` for most, `wechat.apps` where a committee has its own.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use super::WeChat;

/// One mini-program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MiniProgram {
    /// Its id.
    pub appid: String,
    /// Its secret.
    pub secret: SecretString,
    /// Where its calls go, if not to `wechat.base_url`.
    #[serde(default)]
    pub base_url: Option<Url>,
    /// The committees whose posters and messages it carries.
    #[serde(default)]
    pub committees: Vec<Uuid>,
}

impl WeChat {
    /// All mini-programs; the first serves whoever has none of his own.
    #[must_use]
    pub fn mini_programs(&self) -> Vec<MiniProgram> {
        let main = (!self.appid.is_empty()).then(|| MiniProgram {
            appid: self.appid.clone(),
            secret: self.secret.clone(),
            base_url: None,
            committees: Vec::new(),
        });
        main.into_iter().chain(self.apps.iter().cloned()).collect()
    }

    /// What is wrong with the list: the problems are all told at once.
    pub(super) fn check_mini_programs(&self, problems: &mut Vec<String>) {
        if self.appid.is_empty() != self.secret.expose_secret().is_empty() {
            problems.push("wechat.appid and wechat.secret belong together".to_owned());
        }
        if !self.appid.is_empty() && !is_appid(&self.appid) {
            problems.push("wechat.appid must be letters, digits and hyphens".to_owned());
        }
        let (mut appids, mut committees) = (BTreeSet::from([self.appid.as_str()]), BTreeSet::new());
        for (n, app) in self.apps.iter().enumerate() {
            let key = format!("wechat.apps[{n}]");
            if !is_appid(&app.appid) {
                problems.push(format!("{key}.appid must be letters, digits and hyphens"));
            } else if !appids.insert(&app.appid) {
                problems.push(format!("{key}.appid is there already"));
            }
            if app.secret.expose_secret().is_empty() {
                problems.push(format!("{key}.secret is missing"));
            }
            for committee in &app.committees {
                if !committees.insert(committee) {
                    problems.push(format!("{key}.committees: {committee} has another mini-program already"));
                }
            }
        }
    }
}

fn is_appid(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    const REST: &str = r#"
        server.public_url = "https://m.example.gov.cn"
        database.url = "sqlite://x.db"
        auth.keys = [{ id = "a", secret = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" }]
        secrets.code_keys = [{ version = "A", secret = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" }]
        secrets.data_keys = [{ id = 1, secret = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" }]
    "#;

    fn read(wechat: &str) -> Result<Vec<String>, Vec<String>> {
        match Config::from_toml(&[REST, wechat]) {
            Ok(config) => Ok(config.wechat.mini_programs().into_iter().map(|app| app.appid).collect()),
            Err(error) => Err(error.problems),
        }
    }

    #[test]
    fn one_or_several_or_none_are_taken_in_their_order() {
        assert_eq!(read(""), Ok(Vec::new()));
        assert_eq!(read(r#"wechat = { appid = "wx01", secret = "s" }"#), Ok(vec!["wx01".to_owned()]));
        let two = r#"
            [wechat]
            appid = "wx01"
            secret = "s"
            [[wechat.apps]]
            appid = "wx02"
            secret = "t"
            committees = ["01890000-0000-7000-8000-000000000001"]
        "#;
        assert_eq!(read(two), Ok(vec!["wx01".to_owned(), "wx02".to_owned()]));
        let only_listed = r#"wechat.apps = [{ appid = "wx02", secret = "t" }]"#;
        assert_eq!(read(only_listed), Ok(vec!["wx02".to_owned()]));
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_no_secret_with_it() {
        let committee = "01890000-0000-7000-8000-000000000001";
        let problems = read(&format!(
            r#"
            [wechat]
            appid = "wx01"
            secret = "hush"
            [[wechat.apps]]
            appid = "wx01"
            secret = "hush"
            committees = ["{committee}"]
            [[wechat.apps]]
            appid = "wx 02"
            secret = ""
            committees = ["{committee}"]
            "#
        ));
        let problems = problems.unwrap_err();
        assert_eq!(
            problems,
            [
                "wechat.apps[0].appid is there already".to_owned(),
                "wechat.apps[1].appid must be letters, digits and hyphens".to_owned(),
                "wechat.apps[1].secret is missing".to_owned(),
                format!("wechat.apps[1].committees: {committee} has another mini-program already"),
            ]
        );
        assert!(read(r#"wechat.appid = "wx01""#).unwrap_err()[0].contains("belong together"));
        assert!(read(r#"wechat.apps = [{ appid = "wx02" }]"#).unwrap_err()[0].contains("secret"));
    }
}
