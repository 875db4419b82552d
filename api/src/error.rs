//! The catalogue of errors, and the one shape in which a failure leaves the service.
//!
//! Every failure answers RFC 9457 `application/problem+json` with a permanent `code`, a sentence
//! in Chinese that can be shown to a resident, and the request's id. The cause is for the log
//! alone: it never leaves with a 5xx.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::store::StoreError;

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])* $code:ident = $word:literal $status:ident $detail:literal),+ $(,)?) => {
        /// A permanent error code. Words are never changed or reused; `docs/errors.md` lists them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $doc])* $code,)+
        }

        impl ErrorCode {
            /// All codes, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $word),+ }
            }

            /// The HTTP status that it comes with.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$code => StatusCode::$status),+ }
            }

            /// The sentence for people, where nothing more exact is known.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$code => $detail),+ }
            }

            /// What it means to the writer of a client.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$code => concat!($($doc),*).trim_ascii()),+ }
            }
        }
    };
}

error_codes! {
    /// The body is no JSON.
    BadJson = "bad_json" BAD_REQUEST "请求内容不是有效的 JSON。",
    /// The path, the query or a header can't be read.
    BadRequest = "bad_request" BAD_REQUEST "请求的格式不正确。",
    /// A call that creates something came without its key.
    IdempotencyKeyRequired = "idempotency_key_required" BAD_REQUEST "缺少 Idempotency-Key 请求头。",
    /// No valid token came with the request.
    Unauthenticated = "unauthenticated" UNAUTHORIZED "请先登录。",
    /// The access token is over its time; refresh it.
    TokenExpired = "token_expired" UNAUTHORIZED "登录已过期，请重新登录。",
    /// The account may not log in any more.
    AccountDisabled = "account_disabled" UNAUTHORIZED "该账号已停用，请联系管理员。",
    /// Login name, password or second factor is wrong.
    LoginFailed = "login_failed" UNAUTHORIZED "用户名、密码或动态口令不正确。",
    /// WeChat does not know the login code; call `wx.login` again.
    WechatCodeInvalid = "wechat_code_invalid" UNAUTHORIZED "微信登录已失效，请重新进入小程序。",
    /// WeChat refuses this user.
    WechatUserBlocked = "wechat_user_blocked" FORBIDDEN "微信暂时无法完成登录，请稍后再试。",
    /// The refresh token is unknown, used, revoked or over its time.
    RefreshTokenInvalid = "refresh_token_invalid" UNAUTHORIZED "登录已失效，请重新登录。",
    /// The caller may see it, but not do this.
    NotAllowed = "not_allowed" FORBIDDEN "您没有权限进行此操作。",
    /// There is no such thing, or not for this caller.
    NotFound = "not_found" NOT_FOUND "没有找到您要的内容。",
    /// The code was never issued, or was misread.
    CodeNotFound = "code_not_found" NOT_FOUND "没有找到这个二维码，请核对后重新扫描。",
    /// The invitation is unknown, used or over its time.
    InvitationInvalid = "invitation_invalid" NOT_FOUND "邀请码无效或已过期。",
    /// Another method is needed.
    MethodNotAllowed = "method_not_allowed" METHOD_NOT_ALLOWED "不支持这种请求方式。",
    /// The request took too long to arrive.
    RequestTimeout = "request_timeout" REQUEST_TIMEOUT "请求超时，请重试。",
    /// The action does not start from the case's state.
    WrongState = "wrong_state" CONFLICT "当前状态下不能进行此操作。",
    /// The time in which this could be done is over.
    TooLate = "too_late" CONFLICT "已超过操作期限。",
    /// The case was returned too often: its manager decides.
    ReturnsExhausted = "returns_exhausted" CONFLICT "该件已退回两次，请由站长决定如何办理。",
    /// A case can't follow itself, an ended one, a follower or one of another committee; nor leave one
    /// that was closed with an answer.
    BadLeader = "bad_leader" CONFLICT "不能与该件并案，或不能取消与它的并案。",
    /// Other cases follow this one: it can't follow another one itself.
    LeadsOthers = "leads_others" CONFLICT "已有其他办件并入该件，该件不能再并入别的办件。",
    /// Cases are open that would lose whoever answers for them; `open_cases` says how many.
    HasOpenCases = "has_open_cases" CONFLICT "还有未办结的件，请先改派。",
    /// The case has been raised to the highest level already.
    RaisedAlready = "raised_already" CONFLICT "该件已提至最高督办层级，请等待办理。",
    /// Another answer waits to be signed off by now, or none: look at the case again.
    AnswerChanged = "answer_changed" CONFLICT "待签发的答复已有变化，请重新查看。",
    /// The name is taken.
    AlreadyExists = "already_exists" CONFLICT "已经存在，请勿重复提交。",
    /// The caller has kept as many lists as there may be.
    TooManyViews = "too_many_views" CONFLICT "最多保存30个常用筛选，请先删除不用的。",
    /// The committee has as many batches of posters in work as there may be.
    TooManyBatches = "too_many_batches" CONFLICT "已有3批海报正在制作，请等其中一批完成后再提交。",
    /// The batch of posters is not drawn yet, or was given up; `state` says which.
    BatchNotReady = "batch_not_ready" CONFLICT "这批海报还没有制作完成，请稍后再下载。",
    /// The member has another shift at that time.
    ShiftOverlaps = "shift_overlaps" CONFLICT "该委员在这个时间已有安排。",
    /// The shift is on offer to a colleague already.
    AlreadyOffered = "already_offered" CONFLICT "这个班次已请同事接手，请等待对方答复。",
    /// The shift can't change so, because residents have booked it.
    HasBookings = "has_bookings" CONFLICT "已有群众预约，不能这样修改。",
    /// The reception day takes no bookings: it has no slots, or does not take place.
    BookingClosed = "booking_closed" CONFLICT "该接待日不能预约。",
    /// All places of the slot are taken.
    SlotFull = "slot_full" CONFLICT "这个时段已约满，请选择其他时段。",
    /// The caller has booked this reception day already.
    AlreadyBooked = "already_booked" CONFLICT "您已预约这个接待日。",
    /// The case belongs to an account, which is the way to follow it.
    TicketNotNeeded = "ticket_not_needed" CONFLICT "该件由微信账号提交，请用原微信账号查看。",
    /// The code was revoked; `replacement` leads on when there is one.
    CodeRevoked = "code_revoked" GONE "这个二维码已停用。",
    /// Somebody else was faster; `current` has the state of things now.
    VersionConflict = "version_conflict" PRECONDITION_FAILED "内容已被他人更新，请刷新后再操作。",
    /// The body is larger than allowed.
    BodyTooLarge = "body_too_large" PAYLOAD_TOO_LARGE "提交的内容过大。",
    /// The body is of another type than needed.
    UnsupportedMediaType = "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE "不支持这种内容类型。",
    /// The file is no JPEG, PNG or WebP picture.
    UnsupportedPicture = "unsupported_picture" UNSUPPORTED_MEDIA_TYPE "请上传 JPEG、PNG 或 WebP 格式的图片。",
    /// Some fields are wrong; `errors` names them.
    ValidationFailed = "validation_failed" UNPROCESSABLE_ENTITY "填写的内容有误，请检查后重新提交。",
    /// The answer still has fields that nobody has filled in; `errors` and `fields` name them.
    AnswerUnfilled = "answer_unfilled" UNPROCESSABLE_ENTITY "答复中还有未填写的内容，请补充完整后再发送。",
    /// The key came before with another body.
    IdempotencyKeyReused = "idempotency_key_reused" UNPROCESSABLE_ENTITY "同一个 Idempotency-Key 不能用于不同的内容。",
    /// The picture can't be read to its end.
    BrokenPicture = "broken_picture" UNPROCESSABLE_ENTITY "图片已损坏，请重新选择。",
    /// The picture has more pixels than allowed.
    PictureTooLarge = "picture_too_large" UNPROCESSABLE_ENTITY "图片尺寸过大，请缩小后重新上传。",
    /// A picture is unknown, somebody else's, or taken by another case.
    UploadUnknown = "upload_unknown" UNPROCESSABLE_ENTITY "图片不存在或已被使用，请重新上传。",
    /// No open station fits the case.
    NoStation = "no_station" UNPROCESSABLE_ENTITY "没有可以受理的工作站，请扫描工作站的二维码。",
    /// Too many at once.
    RateLimited = "rate_limited" TOO_MANY_REQUESTS "操作过于频繁，请稍后再试。",
    /// Wrong passwords came before; wait.
    LoginDelayed = "login_delayed" TOO_MANY_REQUESTS "登录失败次数过多，请稍后再试。",
    /// Our fault.
    Internal = "internal" INTERNAL_SERVER_ERROR "服务出现问题，我们已记录，请稍后再试。",
    /// WeChat does not answer.
    WechatUnavailable = "wechat_unavailable" SERVICE_UNAVAILABLE "微信服务暂时不可用，请稍后再试。",
    /// The database or another part does not answer.
    Unavailable = "unavailable" SERVICE_UNAVAILABLE "服务暂时不可用，请稍后再试。",
}

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Where in the body, as a JSON pointer (RFC 6901), or the name of the query parameter.
    pub pointer: String,
    /// What is wrong: `required`, `blank`, `too_long`, `unknown_field`, `invalid`, …
    pub code: Cow<'static, str>,
    /// The same for people.
    pub detail: Cow<'static, str>,
}

impl FieldError {
    /// A wrong field.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

/// A failure on its way out.
#[derive(Debug)]
pub struct ApiError {
    code: ErrorCode,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    extra: Map<String, Value>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ApiError {
    /// A failure with its catalogue sentence.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        let detail = Cow::Borrowed(code.sentence());
        Self { code, detail, fields: Vec::new(), retry_after: None, extra: Map::new(), source: None }
    }

    /// Wrong fields.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(ErrorCode::ValidationFailed) }
    }

    /// With a more exact sentence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// With one more wrong field.
    #[must_use]
    pub fn field(mut self, field: FieldError) -> Self {
        self.fields.push(field);
        self
    }

    /// With the time after which to try again.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after);
        self
    }

    /// With one more member of the body.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Serialize) -> Self {
        // What can't be written as JSON is left out: it only adds to the error.
        if let Ok(value) = serde_json::to_value(value) {
            self.extra.insert(key.to_owned(), value);
        }
        self
    }

    /// With the cause, for the log.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The chain of causes in one line, for the log.
    #[must_use]
    pub fn causes(&self) -> Option<String> {
        let mut cause: Option<&(dyn StdError + 'static)> = self.source.as_deref().map(|source| source as _);
        let mut chain = Vec::new();
        while let Some(error) = cause {
            chain.push(error.to_string());
            cause = error.source();
        }
        (!chain.is_empty()).then(|| chain.join(": "))
    }

    /// The seconds of `Retry-After`: always present on 429 and 503.
    fn retry_after_s(&self) -> Option<u64> {
        let needed =
            matches!(self.code.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let given = self.retry_after.map(|after| after.as_secs() + u64::from(after.subsec_nanos() > 0));
        given.or(needed.then_some(2)).map(|seconds| seconds.max(1))
    }

    /// The body, with the id of the request that failed.
    #[must_use]
    pub fn problem(&self, request_id: &str) -> Problem<'_> {
        Problem {
            kind: format!("urn:mashangjian:error:{}", self.code.as_str()),
            title: self.code.status().canonical_reason().unwrap_or("Error"),
            status: self.code.status().as_u16(),
            detail: &self.detail,
            instance: request_id.to_owned(),
            code: self.code.as_str(),
            errors: &self.fields,
            extra: &self.extra,
        }
    }
}

/// The body of a failure (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem<'a> {
    /// A URN that ends in the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A sentence in Chinese, fit to show to a resident.
    pub detail: &'a str,
    /// The id of the request, also in `X-Request-Id`.
    pub instance: String,
    /// The permanent code.
    pub code: &'static str,
    /// Wrong fields, for `validation_failed`.
    pub errors: &'a [FieldError],
    /// More members, by code: `state`, `allowed_actions`, `current`, `replacement`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub extra: &'a Map<String, Value>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl StdError for ApiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The id of the request that is being answered on this task; set by the edge's middleware.
pub mod request_id {
    tokio::task_local! {
        /// The id.
        pub static CURRENT: String;
    }

    /// The current request's id, or `-` outside of one.
    #[must_use]
    pub fn current() -> String {
        CURRENT.try_with(Clone::clone).unwrap_or_else(|_| "-".to_owned())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.code.status());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
        if let Some(seconds) = self.retry_after_s() {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if self.code.status() == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        let body = serde_json::to_string(&self.problem(&request_id::current())).unwrap_or_default();
        response.body(body)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Unavailable(_) => ErrorCode::Unavailable,
            StoreError::Duplicate(_) => ErrorCode::AlreadyExists,
            StoreError::Inconsistent { .. } | StoreError::Other(_) => ErrorCode::Internal,
        };
        Self::new(code).source(error)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_errors_share_a_word_and_every_sentence_ends() {
        let words: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), ErrorCode::ALL.len());
        assert!(ErrorCode::ALL.iter().all(|code| code.sentence().ends_with('。')));
        assert!(ErrorCode::ALL.iter().all(|code| code.meaning().ends_with('.')));
    }

    #[test]
    fn a_busy_answer_always_says_when_to_come_back() {
        for code in ErrorCode::ALL {
            let busy = matches!(code.status().as_u16(), 429 | 503);
            assert_eq!(ApiError::new(*code).retry_after_s().is_some(), busy, "{code:?}");
        }
        let wait = ApiError::new(ErrorCode::RateLimited).retry_after(Duration::from_millis(1200));
        assert_eq!(wait.retry_after_s(), Some(2));
    }

    #[test]
    fn the_cause_stays_inside() {
        let error = ApiError::new(ErrorCode::Internal).source("password is hunter2");
        let body = serde_json::to_string(&error.problem("r1")).unwrap();
        assert!(!body.contains("hunter2") && body.contains("\"instance\":\"r1\""));
        assert_eq!(error.causes().as_deref(), Some("password is hunter2"));
    }
}
