//! Makes a message of a template and of what is told; every value is one that WeChat takes.

use std::collections::BTreeMap;

use domain::message::{FieldKey, Value, ValueType, format};
use domain::vocabulary::Plainer;
use entity::delivery;
use uuid::Uuid;

use super::Told;
use crate::config::{MiniProgramState, Source, Template};
use crate::store::StoreError;
use crate::wechat::SubscribeMessage;

/// What a phone shows as one text message, in characters (70 in UCS-2), with room for the gateway's signature.
const MOST_IN_SMS: usize = 60;

/// To whom, and what about.
#[derive(Debug, Clone, Copy)]
pub struct Addressed<'a> {
    /// The user.
    pub openid: &'a str,
    /// The message of the inbox.
    pub message_id: Uuid,
    /// How it was made plainer after a refusal.
    pub plainer: Option<Plainer>,
}

/// What a message tells, as it was stored with it.
///
/// # Errors
/// It can't be read: another version has written it.
pub fn told(message: &delivery::Model) -> Result<Told, StoreError> {
    serde_json::from_value(message.facts.clone())
        .map_err(|_| StoreError::inconsistent("deliveries", message.id, "what it tells can't be read"))
}

/// The message.
#[must_use]
pub fn compose(
    template: &Template,
    told: &Told,
    to: Addressed<'_>,
    miniprogram_state: MiniProgramState,
) -> SubscribeMessage {
    let plainer = to.plainer;
    let data = template.fields.iter().filter_map(|(name, source)| {
        // `check-config` refuses names that don't parse.
        let field = FieldKey::parse(name)?;
        Some((name.clone(), value(field.kind(), source, told, plainer)))
    });
    SubscribeMessage {
        openid: to.openid.to_owned(),
        template_id: template.id.clone(),
        page: page(template, told, to.message_id).filter(|_| plainer != Some(Plainer::Pageless)),
        data: data.collect::<BTreeMap<_, _>>(),
        miniprogram_state: miniprogram_state.as_str(),
    }
}

fn value(kind: ValueType, source: &Source, told: &Told, plainer: Option<Plainer>) -> String {
    if let (ValueType::Enum, Source::Fixed(word)) = (kind, source) {
        return word.clone();
    }
    let text = |text: &str| Value::Text(text.to_owned());
    let value = match source {
        Source::At => Value::Moment(told.at),
        Source::Number => text(told.number.as_deref().unwrap_or_default()),
        Source::Fixed(words) => text(words),
        // The formatter has a neutral word of its own for an empty text.
        Source::Title | Source::Text | Source::Station | Source::Handler | Source::Department
            if plainer == Some(Plainer::Neutral) =>
        {
            text("")
        }
        Source::Title => text(&told.title),
        Source::Text => text(&told.text),
        Source::Station => text(&told.station),
        Source::Handler => text(&told.handler),
        Source::Department => text(told.department.as_deref().unwrap_or_default()),
    };
    format(kind, &value, told.at)
}

fn page(template: &Template, told: &Told, message_id: Uuid) -> Option<String> {
    if template.page.is_empty() {
        return None;
    }
    let case_id = told.case_id.map(|id| id.to_string()).unwrap_or_default();
    let page = template.page.replace("{case_id}", &case_id);
    Some(page.replace("{message_id}", &message_id.to_string()))
}

/// What a group of staff reads: which station, what, and where to look; nobody's name.
#[must_use]
pub fn for_group(told: &Told) -> String {
    let number = told.number.as_ref().map(|number| format!("，编号 {number}")).unwrap_or_default();
    format!("【{}】{}{number}。请登录查看办理。", told.station, told.title)
}

/// What a text message says: the same, within what a phone shows as one.
#[must_use]
pub fn for_sms(told: &Told) -> String {
    for_group(told).chars().take(MOST_IN_SMS).collect()
}

#[cfg(test)]
mod tests {
    use domain::ids::{CommitteeId, StationId};

    use super::*;
    use crate::config::Term;

    fn told() -> Told {
        Told {
            title: "已有答复".to_owned(),
            text: "您反映的事项（编号 381-0472-956）已有答复，请打开查看。".to_owned(),
            number: Some("381-0472-956".to_owned()),
            case_id: Some(domain::ids::CaseId(Uuid::from_u128(7))),
            station: "青石街道委员工作站😀".to_owned(),
            handler: "甲青山委员".to_owned(),
            department: None,
            at: "2026-03-02T01:30:00Z".parse().unwrap(),
            event: "e".to_owned(),
            station_id: StationId(Uuid::from_u128(1)),
            committee_id: CommitteeId(Uuid::from_u128(2)),
        }
    }

    fn template() -> Template {
        let fields = [
            ("character_string1", Source::Number),
            ("thing2", Source::Text),
            ("thing3", Source::Station),
            ("name4", Source::Department),
            ("time5", Source::At),
            ("enum_string6", Source::Fixed("已答复".to_owned())),
        ];
        Template {
            id: "t".to_owned(),
            term: Term::Once,
            fields: fields.into_iter().map(|(name, source)| (name.to_owned(), source)).collect(),
            page: "pages/case/detail?id={case_id}".to_owned(),
        }
    }

    fn composed(plainer: Option<Plainer>) -> SubscribeMessage {
        let to = Addressed { openid: "o", message_id: Uuid::nil(), plainer };
        compose(&template(), &told(), to, MiniProgramState::Formal)
    }

    #[test]
    fn every_field_of_the_template_is_filled() {
        let message = composed(None);
        let values: Vec<&str> = message.data.values().map(String::as_str).collect();
        assert_eq!(
            values,
            [
                "381-0472-956",
                "已答复",
                "未填写",
                "您反映的事项（编号 381-0472-…",
                "青石街道委员工作站",
                "2026年3月2日 09:30"
            ]
        );
        assert_eq!(
            message.page.as_deref(),
            Some("pages/case/detail?id=00000000-0000-0000-0000-000000000007")
        );
    }

    #[test]
    fn a_plainer_message_has_no_changing_words_or_no_page() {
        let neutral = composed(Some(Plainer::Neutral));
        assert_eq!(
            (&*neutral.data["thing3"], &*neutral.data["character_string1"]),
            ("详情请打开查看", "381-0472-956")
        );
        assert!(neutral.page.is_some());
        assert_eq!(composed(Some(Plainer::Pageless)).page, None);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]
        #[test]
        fn wechat_takes_whatever_comes_out_of_the_formatter(
            text in strange_text(), seconds in 0_i64..4_000_000_000,
        ) {
            let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
            let words = vec!["已受理".to_owned()];
            for (word, kind) in ValueType::ALL {
                for value in [Value::Text(text.clone()), Value::Moment(at)] {
                    let made = match kind {
                        ValueType::Enum => domain::message::one_of(&text, "已受理", &[]).to_owned(),
                        _ => format(*kind, &value, at),
                    };
                    let is_taken = wechat_sim::takes_value(&format!("{word}1"), &made, &words);
                    proptest::prop_assert!(is_taken, "{word}: {made:?} of {value:?}");
                }
            }
        }
    }

    /// Names and titles as people have them, and as nobody has.
    fn strange_text() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        let piece = prop_oneof![
            any::<String>(),
            "[a-zA-Z0-9 .,~:-]{0,40}",
            Just("三号楼电梯坏了".to_owned()),
            Just("👨‍👩‍👧😀1️⃣🇨🇳".to_owned()),
            Just("\n\r\t\u{0}\u{200b}\u{202e}\u{2028}".to_owned()),
            Just("ئابدۇللا مۇھەممەت".to_owned()),
            Just("བཀྲ་ཤིས་ཚེ་རིང".to_owned()),
            Just("e\u{301}\u{323}n\u{303}".to_owned()),
            Just("𠮷野家㐂".to_owned()),
            Just("－１２．５元￥".to_owned()),
            Just("长".repeat(300)),
        ];
        proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn a_group_reads_no_name() {
        let text = for_group(&told());
        assert!(text.contains("381-0472-956") && !text.contains("甲青山"), "{text}");
    }
}
