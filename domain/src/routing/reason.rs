//! Why a case went where it went, for storage as JSON and as a sentence for staff.
//!
//! A reason carries the names as they were at that moment, so that it can be shown years later without
//! looking anything up. The JSON form is stored: kinds and fields are never renamed.

use serde::{Deserialize, Serialize};

/// One step of the explanation of a [`super::Routing`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "names of stations, members, categories, sectors; the variants say the rest")]
pub enum Reason {
    /// The code belongs to this station or hangs there.
    StationScanned { station: String },
    /// The resident chose this station.
    StationChosen { station: String },
    /// The station that was scanned or chosen takes no cases; it has no name when it is gone altogether.
    StationUnavailable { station: Option<String> },
    /// The named member serves this station.
    StationOfMember { member: String, station: String },
    /// The place lies in the area of this station, the smallest such area.
    AreaContains { station: String },
    /// No area contains the place; this station is the nearest.
    Nearest { station: String, distance_m: u32, to: Landmark },
    /// Nothing tells where; the committee's default station takes it.
    DefaultStation { station: String, because: NoPlaceCause },
    /// The case has no category; this word of the text hints at one.
    CategoryHint { category: String, word: String },
    /// The code that was scanned is this member's.
    MemberScanned { member: String },
    /// The resident chose this member.
    MemberChosen { member: String },
    /// This member was named by a code or by the resident and can't have the case. No name: unknown here.
    MemberPassedOver { member: Option<String>, because: Obstacle },
    /// The text names these members, who may be parties: none of them gets the case.
    NamedInCase { members: Vec<String> },
    /// The category is a speciality of the member.
    Speciality { member: String, category: String },
    /// The category belongs to the member's sector.
    SectorMatch { member: String, sector: String, category: String },
    /// No suitable member knows the category.
    NobodyFits { category: String },
    /// The member is on duty at the station now.
    OnDuty { member: String },
    /// Nobody else was suitable.
    OnlyMember { member: String },
    /// Of several equally good members, this one has the fewest open cases relative to capacity.
    LightestLoad { member: String, open_cases: u32, capacity: u16 },
    /// Several were equally good and equally loaded; the member entered first gets it.
    EqualLoad { member: String, open_cases: u32, capacity: u16 },
    /// Nobody gets it; the manager decides.
    Queued { cause: QueueCause },
}

/// What a distance was measured to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Landmark {
    /// The place of the case.
    Place,
    /// The closed station that was scanned or chosen, as the case has no place.
    ClosedStation,
}

/// Why no station could be found by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoPlaceCause {
    /// The case has no place.
    NoPlace,
    /// No station has a point on the map.
    NoStationOnMap,
}

/// Why a member can't have a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// No longer a member, or not known at all.
    Left,
    /// Takes no cases.
    NotReceiving,
    /// Named in the text, possibly a party.
    Named,
    /// Had the case and handed it back.
    Returned,
    /// Absent now.
    Absent,
    /// Has too many open cases.
    Full,
    /// Not on duty, where only members on duty get cases.
    OffDuty,
    /// Doesn't serve the station of the case.
    OtherStation,
}

/// Why a case waits for the station's manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueCause {
    /// The station has no members who take cases.
    NoMembersAtStation,
    /// All of them are absent.
    AllAbsent,
    /// All of them are named in the text.
    AllNamed,
    /// All of them handed it back.
    AllReturned,
    /// All of them have too many open cases.
    AllFull,
    /// None of them is on duty, where only members on duty get cases.
    AllOffDuty,
    /// Nobody is suitable, each for another cause of the above.
    NobodySuitable,
    /// It was handed back twice: now the manager decides.
    ReturnedTwice,
}

impl Reason {
    /// The reason as a sentence for staff.
    pub fn sentence(&self) -> String {
        match self {
            Self::StationScanned { station } => format!("扫描的是“{station}”的二维码。"),
            Self::StationChosen { station } => format!("群众选择了“{station}”。"),
            Self::StationUnavailable { station: Some(station) } => format!("“{station}”目前不受理。"),
            Self::StationUnavailable { station: None } => "所选工作站已撤销。".to_owned(),
            Self::StationOfMember { member, station } => format!("{member}委员在“{station}”履职。"),
            Self::AreaContains { station } => format!("所填地点在“{station}”的服务范围内。"),
            Self::Nearest { station, distance_m, to } => {
                format!("离{}最近的是“{station}”，约{}。", to.phrase(), distance_phrase(*distance_m))
            }
            Self::DefaultStation { station, because } => {
                format!("{}，由“{station}”统一受理。", because.phrase())
            }
            Self::CategoryHint { category, word } => format!("文中提到“{word}”，归为“{category}”。"),
            Self::MemberScanned { member } => format!("扫描的是{member}委员的二维码。"),
            Self::MemberChosen { member } => format!("群众选择了{member}委员。"),
            Self::MemberPassedOver { member: Some(member), because } => {
                format!("未派给{member}委员：{}。", because.phrase())
            }
            Self::MemberPassedOver { member: None, because } => {
                format!("未派给所选委员：{}。", because.phrase())
            }
            Self::NamedInCase { members } => format!("文中提到{}，按回避要求不予派件。", members.join("、")),
            Self::Speciality { member, category } => format!("专长对口：{member}委员熟悉“{category}”。"),
            Self::SectorMatch { member, sector, category } => {
                format!("界别对口：{member}委员属{sector}界，对应“{category}”。")
            }
            Self::NobodyFits { category } => format!("可派的委员中没有与“{category}”对口的。"),
            Self::OnDuty { member } => format!("当前轮值：{member}委员正在本站轮值。"),
            Self::OnlyMember { member } => format!("目前可派的只有{member}委员。"),
            Self::LightestLoad { member, open_cases, capacity } => {
                format!("在办件相对最少：{member}委员在办{open_cases}件，可承办{capacity}件。")
            }
            Self::EqualLoad { member, open_cases, capacity } => {
                format!(
                    "几位委员条件相同，按登记先后派给{member}委员（在办{open_cases}件，可承办{capacity}件）。"
                )
            }
            Self::Queued { cause } => format!("请站长派件：{}。", cause.phrase()),
        }
    }
}

impl Landmark {
    fn phrase(self) -> &'static str {
        match self {
            Self::Place => "所填地点",
            Self::ClosedStation => "原工作站",
        }
    }
}

impl NoPlaceCause {
    fn phrase(self) -> &'static str {
        match self {
            Self::NoPlace => "没有填写地点",
            Self::NoStationOnMap => "各工作站尚未登记位置",
        }
    }
}

impl Obstacle {
    fn phrase(self) -> &'static str {
        match self {
            Self::Left => "已不再担任委员",
            Self::NotReceiving => "目前不接件",
            Self::Named => "文中提到其姓名，应当回避",
            Self::Returned => "此前已退回本件",
            Self::Absent => "目前请假",
            Self::Full => "在办件已满",
            Self::OffDuty => "目前不在轮值时间",
            Self::OtherStation => "不在本站履职",
        }
    }
}

impl QueueCause {
    fn phrase(self) -> &'static str {
        match self {
            Self::NoMembersAtStation => "本站没有可接件的委员",
            Self::AllAbsent => "本站委员都在请假",
            Self::AllNamed => "文中提到了本站全部委员，都应当回避",
            Self::AllReturned => "本站委员都已退回本件",
            Self::AllFull => "本站委员的在办件都已满",
            Self::AllOffDuty => "目前没有委员轮值",
            Self::NobodySuitable => {
                "本站委员或请假、或在办件已满、或应回避、或不在轮值时间、或已退回，暂无合适人选"
            }
            Self::ReturnedTwice => "本件已两次退回",
        }
    }
}

/// Metres below a kilometre, else kilometres to a tenth.
fn distance_phrase(metres: u32) -> String {
    if metres < 1000 {
        return format!("{metres}米");
    }
    let tenths = metres.saturating_add(50) / 100;
    format!("{}.{}公里", tenths / 10, tenths % 10)
}
