//! What a push says, read with all the ways in which WeChat writes the same thing: numbers as texts, one of a
//! list without the list, members that are missing or new.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::envelope::PushFault;
use super::loose::{OneOrMany, number, numbers, optional_text, text, texts};

/// A message that is genuine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Seconds since 1970 by WeChat's clock.
    pub created_at: i64,
    /// What it is about.
    pub event: PushEvent,
}

/// What a push is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushEvent {
    /// A picture was checked.
    MediaCheck(MediaVerdict),
    /// Somebody said in the mini-program which messages he takes.
    SubscriptionPopup(SubscriptionEvent),
    /// Somebody refused messages in WeChat's settings.
    SubscriptionChange(SubscriptionEvent),
    /// A message was delivered, or was not.
    SubscriptionSent(SubscriptionEvent),
    /// Somebody has taken a consent back.
    AuthorizationRevoked(Authorization),
    /// Somebody has changed his name or picture.
    UserInfoModified(Authorization),
    /// Somebody has left WeChat.
    AuthorizationCancelled(Authorization),
    /// WeChat has punished the mini-program.
    Punished(Punishment),
    /// The console's try.
    DebugDemo(String),
    /// Something that concerns nothing here; its name, as far as it is one.
    Other(String),
}

/// The result of `media_check_async`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaVerdict {
    /// Which check it is the result of.
    pub trace_id: String,
    /// 0, or why there is no result: -1008 is that the picture could not be fetched.
    pub errcode: i64,
    /// `pass`, `review` or `risky`; none on an error.
    pub suggest: Option<String>,
    /// What is wrong with it; 100 is nothing.
    pub label: Option<i64>,
}

/// What somebody said of messages, or became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionEvent {
    /// Who.
    pub openid: String,
    /// For each template.
    pub changes: Vec<SubscriptionChange>,
}

/// One template of a [`SubscriptionEvent`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubscriptionChange {
    /// The template.
    pub template_id: String,
    /// `accept` or `reject`, where somebody said.
    pub status: Option<String>,
    /// Where the question was asked.
    pub popup_scene: Option<i64>,
    /// The message, where one was sent.
    pub msg_id: Option<String>,
    /// 0 when it was delivered.
    pub error_code: Option<i64>,
    /// The same in words.
    pub error_status: Option<String>,
}

/// Who has taken which consents back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// Who: the sender of these pushes is the platform.
    pub openid: String,
    /// The numbers of what was consented to.
    pub revoked: Vec<i64>,
}

/// A punishment, with what an operator needs to look it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punishment {
    /// 1 warning, 2 functions banned, 3 taken down, 4 account banned, 10 page banned.
    pub kind: i64,
    /// Its id.
    pub punish_id: String,
    /// When it begins, in seconds since 1970.
    pub punished_at: Option<i64>,
    /// Why.
    pub reason: String,
    /// By which rule.
    pub rule: String,
    /// What broke it.
    pub content: Vec<String>,
    /// Where the rule stands.
    pub rule_url: String,
    /// Where it is told how to put it right.
    pub guide_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Head {
    #[serde(deserialize_with = "text")]
    from_user_name: String,
    #[serde(deserialize_with = "number")]
    create_time: Option<i64>,
    #[serde(deserialize_with = "text")]
    msg_type: String,
    #[serde(deserialize_with = "text")]
    event: String,
    #[serde(rename = "debug_str", deserialize_with = "text")]
    debug_str: String,
}

#[derive(Deserialize)]
struct Media {
    #[serde(deserialize_with = "text")]
    trace_id: String,
    #[serde(default, deserialize_with = "number")]
    errcode: Option<i64>,
    #[serde(default)]
    result: Option<MediaResult>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MediaResult {
    Given {
        #[serde(deserialize_with = "text")]
        suggest: String,
        #[serde(default, deserialize_with = "number")]
        label: Option<i64>,
    },
    /// An empty element, in XML.
    Nothing(IgnoredAny),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Templates {
    list: Option<OneOrMany<Template>>,
    subscribe_msg_popup_event: Option<Nested>,
    subscribe_msg_change_event: Option<Nested>,
    subscribe_msg_sent_event: Option<Nested>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Nested {
    list: OneOrMany<Template>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Template {
    #[serde(deserialize_with = "text")]
    template_id: String,
    #[serde(default, deserialize_with = "optional_text")]
    subscribe_status_string: Option<String>,
    #[serde(default, deserialize_with = "number")]
    popup_scene: Option<i64>,
    #[serde(default, rename = "MsgID", alias = "MsgId", deserialize_with = "optional_text")]
    msg_id: Option<String>,
    #[serde(default, deserialize_with = "number")]
    error_code: Option<i64>,
    #[serde(default, deserialize_with = "optional_text")]
    error_status: Option<String>,
}

#[derive(Deserialize)]
struct Revocation {
    #[serde(rename = "OpenID", deserialize_with = "text")]
    openid: String,
    #[serde(rename = "RevokeInfo", default, deserialize_with = "numbers")]
    revoke_info: Vec<i64>,
}

#[derive(Deserialize)]
struct Penalty {
    #[serde(default, deserialize_with = "number")]
    event_type: Option<i64>,
    #[serde(default, deserialize_with = "text")]
    punish_id: String,
    #[serde(default, deserialize_with = "number")]
    punish_time: Option<i64>,
    #[serde(default, deserialize_with = "text")]
    illegal_reason: String,
    #[serde(default, deserialize_with = "text")]
    rule_name: String,
    #[serde(default, deserialize_with = "texts")]
    illegal_content: Vec<String>,
    #[serde(default, deserialize_with = "text")]
    rule_url: String,
    #[serde(default, deserialize_with = "text")]
    adjust_guide_url: String,
}

impl Push {
    /// Reads a genuine message.
    ///
    /// # Errors
    /// An event that is known lacks what makes it one.
    pub fn read(message: Value) -> Result<Self, PushFault> {
        let head: Head = typed(&message)?;
        let created_at = head.create_time.unwrap_or_default();
        let event = if head.msg_type == "event" {
            event(&head, &message)?
        } else {
            PushEvent::Other(word(&head.msg_type))
        };
        Ok(Self { created_at, event })
    }
}

impl PushEvent {
    /// The word under which it is kept and counted: one of a closed list.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::MediaCheck(_) => "wxa_media_check",
            Self::SubscriptionPopup(_) => "subscribe_msg_popup_event",
            Self::SubscriptionChange(_) => "subscribe_msg_change_event",
            Self::SubscriptionSent(_) => "subscribe_msg_sent_event",
            Self::AuthorizationRevoked(_) => "user_authorization_revoke",
            Self::UserInfoModified(_) => "user_info_modified",
            Self::AuthorizationCancelled(_) => "user_authorization_cancellation",
            Self::Punished(_) => "wxa_punish_event",
            Self::DebugDemo(_) => "debug_demo",
            Self::Other(_) => "other",
        }
    }

    /// What a result is matched by, where it is one.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        match self {
            Self::MediaCheck(verdict) => Some(&verdict.trace_id),
            _ => None,
        }
    }
}

fn event(head: &Head, message: &Value) -> Result<PushEvent, PushFault> {
    Ok(match head.event.as_str() {
        "wxa_media_check" => PushEvent::MediaCheck(media(typed(message)?)?),
        "subscribe_msg_popup_event" => PushEvent::SubscriptionPopup(subscription(head, message)?),
        "subscribe_msg_change_event" => PushEvent::SubscriptionChange(subscription(head, message)?),
        "subscribe_msg_sent_event" => PushEvent::SubscriptionSent(subscription(head, message)?),
        "user_authorization_revoke" => PushEvent::AuthorizationRevoked(authorization(typed(message)?)?),
        "user_info_modified" => PushEvent::UserInfoModified(authorization(typed(message)?)?),
        "user_authorization_cancellation" => {
            PushEvent::AuthorizationCancelled(authorization(typed(message)?)?)
        }
        "wxa_punish_event" => PushEvent::Punished(punishment(typed(message)?)),
        "debug_demo" => PushEvent::DebugDemo(word(&head.debug_str)),
        other => PushEvent::Other(word(other)),
    })
}

fn typed<T: DeserializeOwned>(message: &Value) -> Result<T, PushFault> {
    T::deserialize(message).map_err(|_| PushFault::Unreadable)
}

fn media(Media { trace_id, errcode, result }: Media) -> Result<MediaVerdict, PushFault> {
    if trace_id.is_empty() {
        return Err(PushFault::Unreadable);
    }
    let (suggest, label) = match result {
        Some(MediaResult::Given { suggest, label }) => (Some(suggest), label),
        Some(MediaResult::Nothing(_)) | None => (None, None),
    };
    Ok(MediaVerdict { trace_id, errcode: errcode.unwrap_or_default(), suggest, label })
}

fn subscription(head: &Head, message: &Value) -> Result<SubscriptionEvent, PushFault> {
    let templates: Templates = typed(message)?;
    let nested = [
        templates.subscribe_msg_popup_event,
        templates.subscribe_msg_change_event,
        templates.subscribe_msg_sent_event,
    ];
    let list = templates.list.or_else(|| nested.into_iter().flatten().next().map(|nested| nested.list));
    let list = list.ok_or(PushFault::Unreadable)?.into_vec();
    if head.from_user_name.is_empty() || list.is_empty() {
        return Err(PushFault::Unreadable);
    }
    let changes = list.into_iter().map(|template| SubscriptionChange {
        template_id: template.template_id,
        status: template.subscribe_status_string,
        popup_scene: template.popup_scene,
        msg_id: template.msg_id,
        error_code: template.error_code,
        error_status: template.error_status,
    });
    Ok(SubscriptionEvent { openid: head.from_user_name.clone(), changes: changes.collect() })
}

fn authorization(Revocation { openid, revoke_info }: Revocation) -> Result<Authorization, PushFault> {
    if openid.is_empty() {
        return Err(PushFault::Unreadable);
    }
    Ok(Authorization { openid, revoked: revoke_info })
}

fn punishment(penalty: Penalty) -> Punishment {
    Punishment {
        kind: penalty.event_type.unwrap_or_default(),
        punish_id: penalty.punish_id,
        punished_at: penalty.punish_time,
        reason: penalty.illegal_reason,
        rule: penalty.rule_name,
        content: penalty.illegal_content,
        rule_url: penalty.rule_url,
        guide_url: penalty.adjust_guide_url,
    }
}

/// A word for the log: short, and of plain characters.
fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(60).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(members: Value) -> PushEvent {
        let mut message =
            json!({ "ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": 1, "MsgType": "event" });
        message.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        Push::read(message).unwrap().event
    }

    #[test]
    fn one_and_many_numbers_and_texts_mean_the_same() {
        let item = json!({ "TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "0" });
        let change = SubscriptionChange {
            template_id: "t1".to_owned(),
            status: Some("accept".to_owned()),
            popup_scene: Some(0),
            ..SubscriptionChange::default()
        };
        let of = |changes| SubscriptionEvent { openid: "o1".to_owned(), changes };
        let event = "subscribe_msg_popup_event";
        let one = read(json!({ "Event": event, "List": item }));
        assert_eq!(one, PushEvent::SubscriptionPopup(of(vec![change.clone()])));
        let many = read(json!({ "Event": event, "List": [item, item] }));
        assert_eq!(many, PushEvent::SubscriptionPopup(of(vec![change.clone(), change.clone()])));
        let from_xml = read(json!({ "Event": event, "SubscribeMsgPopupEvent": { "List": item } }));
        assert_eq!(from_xml, PushEvent::SubscriptionPopup(of(vec![change])));
        let at = |time: Value| {
            Push::read(json!({ "CreateTime": time, "MsgType": "event", "Event": "x" })).unwrap().created_at
        };
        assert_eq!((at(json!("1620973045")), at(json!(1_620_973_045))), (1_620_973_045, 1_620_973_045));
    }

    #[test]
    fn a_message_that_was_sent_tells_its_id_whatever_its_type() {
        for id in [json!("1700827132819554304"), json!(1_700_827_132_819_554_304_i64)] {
            let list = json!({ "TemplateId": "t1", "MsgID": id, "ErrorCode": "0", "ErrorStatus": "success" });
            let PushEvent::SubscriptionSent(sent) =
                read(json!({ "Event": "subscribe_msg_sent_event", "List": list }))
            else {
                panic!("not sent")
            };
            assert_eq!(sent.changes[0].msg_id.as_deref(), Some("1700827132819554304"));
            assert_eq!(
                (sent.changes[0].error_code, sent.changes[0].error_status.as_deref()),
                (Some(0), Some("success"))
            );
        }
    }

    #[test]
    fn consents_are_named_by_one_number_or_several() {
        for (info, revoked) in [
            (json!("8"), vec![8]),
            (json!(8), vec![8]),
            (json!("8,13"), vec![8, 13]),
            (json!(["8", 13]), vec![8, 13]),
        ] {
            let event =
                read(json!({ "Event": "user_authorization_revoke", "OpenID": "o9", "RevokeInfo": info }));
            assert_eq!(
                event,
                PushEvent::AuthorizationRevoked(Authorization { openid: "o9".to_owned(), revoked })
            );
        }
        let left = read(json!({ "Event": "user_authorization_cancellation", "OpenID": "o9" }));
        assert_eq!(
            left,
            PushEvent::AuthorizationCancelled(Authorization { openid: "o9".to_owned(), revoked: vec![] })
        );
    }

    #[test]
    fn a_picture_that_could_not_be_fetched_has_no_result() {
        for errcode in [json!(-1008), json!("-1008")] {
            let event = read(
                json!({ "Event": "wxa_media_check", "trace_id": "a-b-c", "detail": [], "errcode": errcode }),
            );
            let verdict =
                MediaVerdict { trace_id: "a-b-c".to_owned(), errcode: -1008, suggest: None, label: None };
            assert_eq!(event, PushEvent::MediaCheck(verdict));
        }
        let result = json!({ "suggest": "risky", "label": "20002" });
        let event =
            read(json!({ "Event": "wxa_media_check", "trace_id": "a-b-c", "errcode": 0, "result": result }));
        let PushEvent::MediaCheck(verdict) = event else { panic!("no check") };
        assert_eq!((verdict.suggest.as_deref(), verdict.label), (Some("risky"), Some(20002)));
    }

    #[test]
    fn a_punishment_names_one_thing_or_several() {
        for content in [json!("首页"), json!(["首页"])] {
            let event = read(
                json!({ "Event": "wxa_punish_event", "event_type": 2, "punish_id": "p1", "illegal_content": content }),
            );
            let PushEvent::Punished(punishment) = event else { panic!("no punishment") };
            assert_eq!((punishment.kind, punishment.content), (2, vec!["首页".to_owned()]));
        }
    }

    #[test]
    fn what_is_unknown_is_taken_and_what_is_broken_is_not() {
        assert_eq!(
            read(json!({ "Event": "something_new", "x": [1] })),
            PushEvent::Other("something_new".to_owned())
        );
        for message in [
            json!({ "MsgType": "event", "Event": "wxa_media_check", "errcode": 0 }),
            json!({ "MsgType": "event", "Event": "user_authorization_revoke", "RevokeInfo": "8" }),
            json!({ "MsgType": "event", "Event": "subscribe_msg_popup_event", "List": [] , "FromUserName": "o1" }),
        ] {
            assert_eq!(Push::read(message), Err(PushFault::Unreadable));
        }
    }
}
