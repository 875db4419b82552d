//! The templates of subscription messages that the mini-program has, as WeChat's console keeps them.

use serde::Deserialize;

use super::client::WeChat;
use super::error::WeChatError;

/// How often a template may be sent after the user has said yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// Once for every yes (一次性).
    Once,
    /// Until he says no (长期).
    LongTerm,
    /// WeChat has invented another kind.
    Other(i64),
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The id to send by.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How often it may be sent.
    pub kind: TemplateKind,
    /// The keys that a message must fill, in their order: `thing1`, `time12`.
    pub keys: Vec<String>,
    /// The words that an `enum` key takes.
    pub choices: Vec<Choice>,
}

/// The words of one key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Choice {
    /// The key, as `keys` has it, or as its placeholder `enum_string0.DATA`.
    #[serde(rename = "keywordCode")]
    pub key: String,
    /// The words.
    #[serde(rename = "enumValueList", default)]
    pub words: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    pri_tmpl_id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    content: String,
    #[serde(rename = "type", default)]
    kind: i64,
    #[serde(default)]
    keyword_enum_value_list: Option<Vec<Choice>>,
}

impl From<Row> for Template {
    fn from(row: Row) -> Self {
        let kind = match row.kind {
            2 => TemplateKind::Once,
            3 => TemplateKind::LongTerm,
            other => TemplateKind::Other(other),
        };
        Self {
            keys: keys_in(&row.content),
            id: row.pri_tmpl_id,
            title: row.title,
            kind,
            choices: row.keyword_enum_value_list.unwrap_or_default(),
        }
    }
}

/// The keys of a content such as `会议时间:{{date2.DATA}}\n`, in their order, each once.
fn keys_in(content: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for piece in content.split("{{").skip(1) {
        let Some((key, _)) = piece.split_once(".DATA}}") else { continue };
        let plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain && !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

impl WeChat {
    /// The templates that the mini-program has. WeChat lets them be asked for a few times a day only: they
    /// are believed for an hour, and many askers at once make one call.
    ///
    /// # Errors
    /// WeChat refuses or does not answer.
    pub async fn templates(&self) -> Result<Vec<Template>, WeChatError> {
        let ask = async {
            let answer: Answer = self.get("/wxaapi/newtmpl/gettemplate").await?;
            Ok(answer.data.into_iter().map(Template::from).collect())
        };
        self.templates
            .try_get_with((), ask)
            .await
            .map_err(|error: std::sync::Arc<WeChatError>| WeChatError::clone(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_read_from_the_content() {
        let content =
            "会议时间:{{date2.DATA}}\n会议地点:{{thing1.DATA}}\n{{bad key.DATA}}{{date2.DATA}}{{open";
        assert_eq!(keys_in(content), ["date2", "thing1"]);
        assert!(keys_in("").is_empty());
    }

    #[test]
    fn a_template_is_read_as_the_documentation_has_it() {
        let row = r#"{"priTmplId":"9Aw5","title":"报名通知","content":"会议时间:{{date2.DATA}}\n","example":"x","type":3,
            "keywordEnumValueList":[{"keywordCode":"enum_string0.DATA","enumValueList":["室外","室内"]}]}"#;
        let template = Template::from(serde_json::from_str::<Row>(row).unwrap());
        assert_eq!(
            (template.kind, template.keys.as_slice()),
            (TemplateKind::LongTerm, ["date2".to_owned()].as_slice())
        );
        assert_eq!(template.choices[0].words, ["室外", "室内"]);
    }
}
