//! Subscription templates, as the console shows them, and which keys each has.

use serde::{Deserialize, Serialize};

/// A template that the mini-program has chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubscribeTemplate {
    /// Its id.
    pub pri_tmpl_id: String,
    /// Its title.
    pub title: String,
    /// Lines such as `办理时间:{{time2.DATA}}`, which name the keys.
    pub content: String,
    /// How it may look.
    #[serde(default)]
    pub example: String,
    /// 2: one agreement, one message. 3: one agreement, many messages.
    #[serde(rename = "type")]
    pub kind: u8,
    /// The words of the keys that take one of a few.
    #[serde(default)]
    pub keyword_enum_value_list: Vec<KeywordWords>,
    /// A banned one is refused with 43107.
    #[serde(default, skip_serializing)]
    pub banned: bool,
}

/// The words that one key takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeywordWords {
    /// The key, such as `enum_string3`.
    pub keyword_code: String,
    /// The words.
    pub enum_value_list: Vec<String>,
}

impl SubscribeTemplate {
    /// A template with these keys.
    #[must_use]
    pub fn new(id: &str, title: &str, kind: u8, keys: &[(&str, &str)]) -> Self {
        let lines: Vec<String> =
            keys.iter().map(|(label, key)| format!("{label}:{{{{{key}.DATA}}}}\n")).collect();
        Self {
            pri_tmpl_id: id.to_owned(),
            title: title.to_owned(),
            content: lines.concat(),
            example: String::new(),
            kind,
            keyword_enum_value_list: Vec::new(),
            banned: false,
        }
    }

    /// The templates of the local run.
    #[must_use]
    pub fn demo() -> Vec<Self> {
        let case = [
            ("事项编号", "character_string1"),
            ("办理情况", "thing2"),
            ("时间", "time3"),
            ("办理单位", "thing4"),
        ];
        let titles = [
            ("received", "受理通知"),
            ("progress", "办理进度通知"),
            ("asked-back", "补充材料提醒"),
            ("answered", "答复通知"),
            ("confirm", "办理结果确认提醒"),
            ("ended", "办结通知"),
            ("new-case", "新派件通知"),
            ("dispatched", "转办通知"),
            ("case-news", "办件动态通知"),
            ("overdue", "办理期限提醒"),
        ];
        let of_cases = titles.map(|(id, title)| Self::new(&format!("demo-{id}"), title, 2, &case));
        let visit = [("预约事项", "thing1"), ("预约时间", "time2"), ("地点", "thing3")];
        let of_shifts = [("reception", "接待预约通知"), ("shift", "轮值安排提醒")]
            .map(|(id, title)| Self::new(&format!("demo-{id}"), title, 2, &visit));
        of_cases.into_iter().chain(of_shifts).collect()
    }

    /// The keys in the order of the content.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        self.content
            .split("{{")
            .skip(1)
            .filter_map(|rest| rest.split_once(".DATA}}"))
            .map(|(key, _)| key)
            .collect()
    }

    pub(crate) fn is_long_term(&self) -> bool {
        self.kind == 3
    }

    pub(crate) fn words_of(&self, key: &str) -> &[String] {
        let found = self.keyword_enum_value_list.iter().find(|words| words.keyword_code == key);
        found.map_or(&[], |words| &words.enum_value_list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_those_of_the_content_in_order() {
        let template =
            SubscribeTemplate::new("t", "通知", 2, &[("编号", "character_string1"), ("时间", "time2")]);
        assert_eq!(template.content, "编号:{{character_string1.DATA}}\n时间:{{time2.DATA}}\n");
        assert_eq!(template.keys(), ["character_string1", "time2"]);
    }
}
