//! Closed vocabularies: the words that stand in columns and on the wire, each with its Chinese label.
//!
//! One macro keeps the three spellings of a word (Rust, stored, shown) in one place.

/// A word is not in the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a {vocabulary}")]
pub struct UnknownWord {
    /// The name of the enum.
    pub vocabulary: &'static str,
    /// The word as it came, cut to 40 characters.
    pub word: String,
}

/// Declares an enum whose variants have a stored word and a Chinese label.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:tt $label:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "orm", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
        #[cfg_attr(feature = "orm", sea_orm(rs_type = "String", db_type = "Text"))]
        pub enum $name {
            $(
                $(#[$vdoc])*
                #[serde(rename = $word)]
                #[cfg_attr(feature = "orm", sea_orm(string_value = $word))]
                $variant,
            )+
        }

        impl $name {
            /// Every word, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as stored and as on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The word as people read it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownWord;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::vocabulary::UnknownWord {
                        vocabulary: stringify!($name),
                        word: other.chars().take(40).collect(),
                    }),
                }
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// How far a batch of posters is.
    BatchState {
        /// Nothing is drawn yet.
        Waiting = "waiting" "等待制作",
        /// Some of it is drawn.
        Drawing = "drawing" "正在制作",
        /// Its file can be fetched.
        Ready = "ready" "已完成",
        /// It was given up; it says why.
        Failed = "failed" "未能完成",
    }
}

vocabulary! {
    /// What the file of a batch of posters is.
    BatchForm {
        /// One document, a page a poster.
        Pdf = "pdf" "合并的 PDF",
        /// An archive of pictures with their list.
        ZipPng = "zip-png" "图片压缩包",
        /// An archive of documents with their list.
        ZipPdf = "zip-pdf" "PDF 压缩包",
    }
}

vocabulary! {
    /// By which way a message leaves the service.
    Channel {
        /// A subscription message of WeChat's.
        WeChat = "wechat" "微信",
        /// A robot in a group of 企业微信.
        Robot = "robot" "企业微信群",
        /// A text message to a phone.
        Sms = "sms" "短信",
    }
}

vocabulary! {
    /// How far a message is on its way.
    DeliveryState {
        /// It is to be sent.
        Waiting = "waiting" "待发送",
        /// Somebody is sending it.
        Sending = "sending" "发送中",
        /// It was taken.
        Sent = "sent" "已发送",
        /// It was not taken, and won't be.
        Refused = "refused" "被拒绝",
        /// It may have been taken: the answer was lost.
        Unknown = "unknown" "结果未知",
        /// It was given up.
        Dead = "dead" "已放弃",
    }
}

vocabulary! {
    /// How a message was made plainer after a refusal.
    Plainer {
        /// Without names and words that differ from case to case.
        Neutral = "neutral" "通用文字",
        /// Without a page to open.
        Pageless = "pageless" "不带页面",
    }
}

vocabulary! {
    /// What the mini-program tells of the popup's answer for one template.
    SubscriptionHint {
        /// Yes.
        Accept = "accept" "同意",
        /// No.
        Reject = "reject" "拒绝",
        /// WeChat has banned the template.
        Ban = "ban" "已被封禁",
        /// WeChat left it out: two of the same title.
        Filter = "filter" "被过滤",
    }
}

vocabulary! {
    /// Why a template is not sent for a while.
    PauseReason {
        /// WeChat does not know it.
        Template = "template" "模板无效",
        /// The mini-program may not send at all.
        Ban = "ban" "订阅消息能力被封禁",
        /// The day's quota is used up.
        Quota = "quota" "当日额度已用完",
    }
}

vocabulary! {
    /// What kind of place a station is.
    StationKind {
        /// A township, street or enterprise station.
        Station = "station" "委员工作站",
        /// A studio led by one or a few members.
        Studio = "studio" "委员工作室",
        /// A station of one sector.
        SectorStation = "sector_station" "界别工作站",
        /// A room for deliberation.
        DeliberationRoom = "deliberation_room" "协商议事室",
    }
}

vocabulary! {
    /// The level of a committee, and of a member by his committee.
    Level {
        /// The national committee.
        National = "national" "全国",
        /// A province's.
        Province = "province" "省",
        /// A city's.
        City = "city" "市",
        /// A district's or county's.
        District = "district" "区县",
    }
}

vocabulary! {
    /// What a printed code points to.
    CodeKind {
        /// A station: routing chooses the member.
        Station = "station" "工作站码",
        /// A member at a station: means that member.
        Member = "member" "委员码",
    }
}

vocabulary! {
    /// Whether a printed code still works.
    CodeState {
        /// It works.
        Live = "live" "使用中",
        /// It explains itself and leads on.
        Revoked = "revoked" "已停用",
    }
}

vocabulary! {
    /// What came of scanning a code.
    ScanResult {
        /// Its card was shown.
        Opened = "opened" "打开",
        /// It told that it does not work any more.
        Revoked = "revoked" "已停用",
        /// A case was raised through it.
        Reported = "reported" "反映",
    }
}

vocabulary! {
    /// Why somebody should go and look at a poster.
    CodeConcern {
        /// It works and hangs, and nobody scans it any more.
        Unscanned = "unscanned" "长期无人扫描",
        /// Suddenly far more scans than usual.
        Burst = "burst" "扫描突然增多",
    }
}

vocabulary! {
    /// What a duty shift is.
    ShiftKind {
        /// A member is on duty and takes cases.
        Duty = "duty" "轮值",
        /// A published day on which residents may come in person.
        ReceptionDay = "reception_day" "委员接待日",
    }
}

vocabulary! {
    /// Where the offer of a shift to a colleague stands.
    HandoverState {
        /// The colleague has not answered.
        Offered = "offered" "待确认",
        /// The colleague has the shift now.
        Accepted = "accepted" "已接手",
        /// The colleague does not take it.
        Declined = "declined" "已婉拒",
        /// It was taken back, or the shift has changed meanwhile.
        Withdrawn = "withdrawn" "已撤回",
    }
}

vocabulary! {
    /// Where the content check of a picture stands, as others see it; [`crate::content`] has more words.
    UploadCheck {
        /// Not checked yet: handlers only.
        Pending = "pending" "待审核",
        /// Fit to be shown.
        Passed = "passed" "已通过",
        /// Held back: staff only.
        Held = "held" "已留置",
    }
}

vocabulary! {
    /// Where a message stands that WeChat sent by itself.
    PushState {
        /// It waits to be worked on.
        Received = "received" "已收到",
        /// It is a result of something that is not known yet.
        Waiting = "waiting" "待匹配",
        /// It was worked on.
        Done = "done" "已处理",
    }
}

vocabulary! {
    /// What an answer rests on.
    Evidence {
        /// Photographs of the result.
        Photo = "photo" "照片",
        /// Somebody went there.
        Visit = "visit" "现场走访",
        /// A document of the body in charge.
        Document = "document" "书面材料",
        /// Words only.
        Explanation = "explanation" "说明解释",
    }
}

vocabulary! {
    /// What the resident says of the answer when confirming.
    Solved {
        /// The matter is solved.
        Yes = "yes" "已解决",
        /// The matter is solved in part.
        Partly = "partly" "部分解决",
    }
}

vocabulary! {
    /// How a closed case ended.
    Outcome {
        /// The resident confirmed.
        Solved = "solved" "已解决",
        /// The resident confirmed in part.
        Partly = "partly" "部分解决",
        /// The answer was upheld against the resident's word.
        NotSolved = "not_solved" "未解决",
        /// The resident did not say in time.
        Unconfirmed = "unconfirmed" "未确认",
    }
}

vocabulary! {
    /// Why the resident is asked once more, weeks after the end, whether it was really done.
    SecondLookReason {
        /// The answer rested on words only.
        Explanation = "explanation" "答复为说明解释",
        /// The answer ended a promise.
        Promise = "promise" "答复兑现承诺",
    }
}

vocabulary! {
    /// What the resident says then.
    Done {
        /// It was done.
        Yes = "yes" "已落实",
        /// It was done in part.
        Partly = "partly" "部分落实",
        /// It was not done.
        No = "no" "未落实",
    }
}

vocabulary! {
    /// What an answer is worth weeks later. These are kept apart for ever: none of them counts as another.
    Proof {
        /// Whoever answered says that it was done; the resident has been asked.
        Claimed = "claimed" "待群众回访",
        /// The resident says so too.
        Confirmed = "confirmed" "群众确认已落实",
        /// The resident says that it was not done, or in part only.
        Contested = "contested" "群众反映未落实",
        /// The resident did not say.
        Unconfirmed = "unconfirmed" "群众未回应",
    }
}

impl Proof {
    /// What an answer is worth by what the resident said, or did not say while he could.
    #[must_use]
    pub const fn of(said: Option<Done>, is_over: bool) -> Self {
        match said {
            Some(Done::Yes) => Self::Confirmed,
            Some(Done::Partly | Done::No) => Self::Contested,
            None if is_over => Self::Unconfirmed,
            None => Self::Claimed,
        }
    }
}

vocabulary! {
    /// Whether an account may log in.
    AccountState {
        /// It may.
        Active = "active" "正常",
        /// An administrator has shut it.
        Disabled = "disabled" "已停用",
        /// The person had it erased; the row stays as an anchor for cases.
        Erased = "erased" "已注销",
    }
}
