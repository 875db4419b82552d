//! The official test vectors of the message push, and what must never be taken.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Push, PushEvent, PushFault, PushKeys, PushQuery, decode_aes_key};
use crate::config::{PushMode, WeChatPush};

const APPID: &str = "wxba5fad812f8e6fb9";
const OFFICIAL_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// A key whose last character carries bits that mean nothing, as most real ones do.
const TRAILING_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const ENCRYPTED: &str = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";

fn keys(mode: PushMode, aes_key: &str) -> PushKeys {
    PushKeys::new(&WeChatPush { token: "AAAAA".into(), aes_key: aes_key.into(), mode }, APPID).unwrap()
}

fn secure_query() -> PushQuery {
    PushQuery {
        signature: "6c5c811b55cc85e0e1b54100749188c20beb3f5d".to_owned(),
        msg_signature: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3".to_owned(),
        timestamp: "1714112445".to_owned(),
        nonce: "415670741".to_owned(),
        encrypt_type: "aes".to_owned(),
        ..PushQuery::default()
    }
}

fn signed(keys: &PushKeys, encrypted: &str) -> (PushQuery, Vec<u8>) {
    let msg_signature = keys.sign(&["1", "2", encrypted]);
    let query = PushQuery { timestamp: "1".into(), nonce: "2".into(), msg_signature, ..PushQuery::default() };
    (query, json!({ "ToUserName": "gh_1", "Encrypt": encrypted }).to_string().into_bytes())
}

#[test]
fn the_verification_is_answered_with_its_word() {
    let keys = keys(PushMode::Secure, OFFICIAL_KEY);
    let query = PushQuery {
        signature: "f464b24fc39322e44b38aa78f5edd27bd1441696".to_owned(),
        timestamp: "1714036504".to_owned(),
        nonce: "1514711492".to_owned(),
        echostr: "4375120948345356249".to_owned(),
        ..PushQuery::default()
    };
    let sent_at: DateTime<Utc> = DateTime::from_timestamp(1_714_036_504, 0).unwrap();
    assert_eq!(keys.verify(&query, sent_at), Ok("4375120948345356249"));
    assert_eq!(keys.verify(&query, sent_at + TimeDelta::minutes(11)), Err(PushFault::TooOld));
    let forged = PushQuery { nonce: "1514711493".to_owned(), ..query.clone() };
    assert_eq!(keys.verify(&forged, sent_at), Err(PushFault::NotSigned));
    let script = PushQuery { echostr: "<b>\u{4e2d}</b>".to_owned(), ..query };
    assert_eq!(keys.verify(&script, sent_at), Err(PushFault::Unreadable));
}

#[test]
fn a_plain_push_is_known_by_its_signature() {
    let keys = keys(PushMode::Plain, "");
    let query = PushQuery {
        signature: "899cf89e464efb63f54ddac96b0a0a235f53aa78".to_owned(),
        timestamp: "1714037059".to_owned(),
        nonce: "486452656".to_owned(),
        ..PushQuery::default()
    };
    let body = br#"{"MsgType":"event","Event":"debug_demo","CreateTime":1,"debug_str":"hello world"}"#;
    let push = Push::read(keys.open(&query, body).unwrap()).unwrap();
    assert_eq!(push.event, PushEvent::DebugDemo("hello world".to_owned()));
    let unsigned = PushQuery { signature: String::new(), ..query.clone() };
    assert_eq!(keys.open(&unsigned, body), Err(PushFault::NotSigned));
    assert_eq!(keys.open(&query, br#"{"Encrypt":"x"}"#), Err(PushFault::NotForUs));
}

#[test]
fn an_encrypted_push_opens_with_its_padding_of_19() {
    let message = json!({
        "ToUserName": "gh_97417a04a28d", "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY", "CreateTime": 1_714_112_445,
        "MsgType": "event", "Event": "debug_demo", "debug_str": "hello world",
    });
    let json = json!({ "ToUserName": "gh_97417a04a28d", "Encrypt": ENCRYPTED }).to_string();
    let xml = format!("<xml><ToUserName>gh_9</ToUserName><Encrypt><![CDATA[{ENCRYPTED}]]></Encrypt></xml>");
    for mode in [PushMode::Secure, PushMode::Compatible] {
        for body in [&json, &xml] {
            assert_eq!(keys(mode, OFFICIAL_KEY).open(&secure_query(), body.as_bytes()), Ok(message.clone()));
        }
    }
}

#[test]
fn a_reply_is_encrypted_as_in_the_official_example() {
    let keys = keys(PushMode::Secure, OFFICIAL_KEY);
    let encrypted = keys.encrypt(b"707722b803182950", br#"{"demo_resp":"good luck"}"#, APPID);
    assert_eq!(
        encrypted,
        "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    );
    assert_eq!(
        keys.sign(&["1713424427", "415670741", &encrypted]),
        "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    );
}

#[test]
fn a_key_with_bits_that_mean_nothing_is_a_key() {
    assert!(decode_aes_key(TRAILING_KEY).is_some());
    let keys = keys(PushMode::Secure, TRAILING_KEY);
    let (query, body) = signed(&keys, &keys.encrypt(b"0123456789abcdef", br#"{"a":1}"#, APPID));
    assert_eq!(keys.open(&query, &body), Ok(json!({ "a": 1 })));
    for wrong in ["", "AAAA", &"A".repeat(44), &"=".repeat(43), &"\u{4e2d}".repeat(15)] {
        assert_eq!(decode_aes_key(wrong), None, "{wrong}");
    }
}

#[test]
fn what_was_not_signed_or_is_not_for_us_is_refused() {
    let keys = keys(PushMode::Secure, OFFICIAL_KEY);
    let body = json!({ "Encrypt": ENCRYPTED }).to_string();
    let by_the_plain_signature =
        PushQuery { msg_signature: "6c5c811b55cc85e0e1b54100749188c20beb3f5d".to_owned(), ..secure_query() };
    assert_eq!(keys.open(&by_the_plain_signature, body.as_bytes()), Err(PushFault::NotSigned));
    let plain = br#"{"MsgType":"event","Event":"user_authorization_cancellation","OpenID":"o1"}"#;
    assert_eq!(
        keys.open(&secure_query(), plain),
        Err(PushFault::NotForUs),
        "a signature that covers no body"
    );
    let foreign = keys.encrypt(b"0123456789abcdef", br#"{"a":1}"#, "wx0000000000000000");
    let (query, body) = signed(&keys, &foreign);
    assert_eq!(keys.open(&query, &body), Err(PushFault::NotForUs));
    // Correctly signed, and yet no message: wrong lengths, paddings, blocks.
    let mut long = vec![b'x'; 64];
    long[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
    for blocks in [vec![0; 32], vec![33; 64], vec![1; 16], long] {
        let (query, body) = signed(&keys, &keys.encrypt_raw(&blocks));
        assert_eq!(keys.open(&query, &body), Err(PushFault::NotForUs));
    }
    for encrypted in ["", "AAAA", "not base64!", "QUJD"] {
        let (query, body) = signed(&keys, encrypted);
        assert_eq!(keys.open(&query, &body), Err(PushFault::NotForUs), "{encrypted}");
    }
    let (query, body) = signed(&keys, &keys.encrypt(b"0123456789abcdef", b"no message", APPID));
    assert_eq!(keys.open(&query, &body), Err(PushFault::Unreadable));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names = prop::sample::select(vec![
            "List",
            "TemplateId",
            "MsgID",
            "result",
            "suggest",
            "errcode",
            "SubscribeMsgPopupEvent",
            "RevokeInfo",
            "x",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..4).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_and_no_query_panics(body in prop::collection::vec(any::<u8>(), 0..300), word in "\\PC{0,50}") {
        let query = PushQuery { msg_signature: word.clone(), timestamp: word.clone(), echostr: word, ..PushQuery::default() };
        for mode in [PushMode::Plain, PushMode::Compatible, PushMode::Secure] {
            let keys = keys(mode, OFFICIAL_KEY);
            prop_assert!(keys.open(&query, &body).is_err());
            prop_assert!(keys.verify(&query, DateTime::UNIX_EPOCH).is_err());
        }
    }

    #[test]
    fn nor_do_blocks_that_are_signed(blocks in prop::collection::vec(any::<[u8; 16]>(), 1..8)) {
        let keys = keys(PushMode::Secure, OFFICIAL_KEY);
        let (query, body) = signed(&keys, &keys.encrypt_raw(&blocks.concat()));
        prop_assert!(keys.open(&query, &body).is_err());
    }

    #[test]
    fn every_length_of_message_comes_back(text in "[a-z]{0,80}") {
        let keys = keys(PushMode::Secure, TRAILING_KEY);
        let message = json!({ "text": text });
        let encrypted = keys.encrypt(b"0123456789abcdef", message.to_string().as_bytes(), APPID);
        let (query, body) = signed(&keys, &encrypted);
        prop_assert_eq!(keys.open(&query, &body), Ok(message));
    }

    #[test]
    fn no_event_panics(value in any_json(), event in prop::sample::select(vec![
        "wxa_media_check", "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event",
        "user_authorization_revoke", "user_info_modified", "user_authorization_cancellation", "wxa_punish_event", "new",
    ])) {
        let mut message = value;
        if let Some(members) = message.as_object_mut() {
            members.insert("MsgType".to_owned(), json!("event"));
            members.insert("Event".to_owned(), json!(event));
        }
        let _ = Push::read(message);
    }
}
