//! What goes back over the wire: answers, refusals with WeChat's numbers and words, raw replies.
//! Knows nothing of how a refusal came about.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

/// How a family of endpoints dresses its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `/cgi-bin/*`, `/wxa/*`: JSON, `errmsg` ends with ` rid: …`.
    Api,
    /// `/sns/*`: `text/plain`, `errmsg` ends with `, rid: …`.
    Sns,
}

impl Dialect {
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Api => "application/json; encoding=utf-8",
            Self::Sns => "text/plain",
        }
    }

    const fn before_rid(self) -> &'static str {
        match self {
            Self::Api => " rid: ",
            Self::Sns => ", rid: ",
        }
    }
}

/// A business error: WeChat says no, with HTTP 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) errcode: i64,
    pub(crate) message: Cow<'static, str>,
}

impl Refusal {
    /// The refusal with the words that WeChat uses for this number.
    pub(crate) const fn new(errcode: i64) -> Self {
        Self { errcode, message: Cow::Borrowed(message_of(errcode)) }
    }

    pub(crate) fn saying(errcode: i64, message: impl Into<Cow<'static, str>>) -> Self {
        Self { errcode, message: message.into() }
    }

    /// The form with ` hint: [..]` before the rid, which the phone number API uses.
    pub(crate) fn hinted(errcode: i64, hint: &str) -> Self {
        Self::saying(errcode, format!("{} hint: [{hint}]", message_of(errcode)))
    }

    pub(crate) fn body(&self, dialect: Dialect, rid: &str) -> Value {
        let errmsg = format!("{}{}{rid}", self.message, dialect.before_rid());
        json!({ "errcode": self.errcode, "errmsg": errmsg })
    }
}

/// What an endpoint decides: a JSON body, or a refusal.
pub(crate) type Outcome = Result<Value, Refusal>;

/// The answer of endpoints that have nothing else to say.
pub(crate) fn ok() -> Value {
    json!({ "errcode": 0, "errmsg": "ok" })
}

/// A whole HTTP answer, ready to be sent or to be spoilt by a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(dialect: Dialect, body: &Value) -> Self {
        Self {
            status: 200,
            content_type: dialect.content_type(),
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
        }
    }
}

impl From<Reply> for HttpResponse {
    fn from(reply: Reply) -> Self {
        let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = Self::build(status);
        answer.content_type(reply.content_type);
        for header in reply.headers {
            answer.insert_header(header);
        }
        answer.body(reply.body)
    }
}

/// `errmsg` before the rid, as seen on the wire.
const fn message_of(errcode: i64) -> &'static str {
    match errcode {
        -1 => "system error",
        40001 => {
            "invalid credential, access_token is invalid or not latest, could get access_token by \
             getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
        }
        40002 => "invalid grant_type",
        40003 => "invalid openid",
        40004 => "invalid media type",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40029 => "invalid code",
        40037 => "invalid template_id",
        40066 => "invalid url",
        40097 => "invalid args",
        40125 => "invalid appsecret",
        40129 => "invalid scene",
        40159 => "invalid length for path, or the data is not json string",
        40163 => "code been used",
        40165 => "invalid weapp pagepath",
        40169 => "invalid length for scene, or the data is not json string",
        40212 => "invalid query",
        40225 => "invalid page",
        40226 => "code blocked",
        40243 => "AppSecret frozen",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        41008 => "missing code",
        41030 => "invalid page",
        42001 => "access_token expired",
        43001 => "require GET method",
        43002 => "require POST method",
        43101 => "user refuse to accept the msg",
        44002 => "empty post data",
        44990 | 44991 | 45011 => "api minute-quota reach limit  must slower  retry next minute",
        44993 | 45009 => "reach max api daily quota limit",
        45029 => "qrcode count out of limit",
        47001 => "data format error",
        48001 => "api unauthorized",
        48006 => "forbid to clear quota because of reaching the limit",
        61010 => "code is expired",
        76001 => "rid not found",
        76002 => "rid is error",
        76004 => "rid time is error",
        76021 => "cgi_path not found, please check",
        76022 => "could not use this cgi_path, no permission",
        85066 => "illegal prefix",
        85068 => "the test link is not a sub-link",
        85069 => "check confirm file fail",
        85071 => "link has been added",
        85073 => "link rules out of limit",
        85074 => "the mini-program has not been released",
        85095 => "bad data",
        85096 => "scancode_time is a reserved word",
        85400 => "count of permanent short links out of limit",
        85401 => "invalid expire_time",
        85402 => "invalid env_version",
        85403 => "link not found",
        87007 => "session_key is not existed or expired",
        87008 => "invalid sig_method",
        87009 => "invalid signature",
        886_000 => "publish quota of this month is used up",
        _ => "request refused",
    }
}
