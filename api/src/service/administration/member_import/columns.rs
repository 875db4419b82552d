//! The columns of a workbook of members, by their headings.

use crate::service::administration::members::{DEFAULT_CAPACITY, MOST_CASES};

/// What a column says of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The name; needed.
    Name,
    /// The sector; needed.
    Sector,
    /// The level of the committee.
    Level,
    /// Post or profession.
    Post,
    /// The stations that the member serves.
    Stations,
    /// The categories that the member knows well.
    Specialities,
    /// How many open cases the member can carry.
    Capacity,
    /// A few words for residents.
    Bio,
    /// The day on which the term ends.
    LeftOn,
}

impl Column {
    /// All, in the order of the template.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Sector,
        Self::Level,
        Self::Post,
        Self::Stations,
        Self::Specialities,
        Self::Capacity,
        Self::Bio,
        Self::LeftOn,
    ];

    /// The headings under which it is known; the first stands in the template.
    #[must_use]
    pub const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["姓名", "委员姓名"],
            Self::Sector => &["界别", "所属界别"],
            Self::Level => &["级别", "层级", "委员级别"],
            Self::Post => &["职务", "职业", "工作单位及职务"],
            Self::Stations => &["联络站", "工作站", "所在工作站"],
            Self::Specialities => &["专长", "专长类别", "诉求类别"],
            Self::Capacity => &["承接上限", "办件上限"],
            Self::Bio => &["简介", "个人简介"],
            Self::LeftOn => &["届满日期", "任期届满日期"],
        }
    }

    /// The heading in the template.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self.headings() {
            [first, ..] => first,
            [] => "",
        }
    }

    /// What belongs into it, for whoever fills it in.
    #[must_use]
    pub fn hint(self) -> String {
        let several = "须与本委员会已有的名称一致；有多个时用顿号（、）分开。";
        match self {
            Self::Name => "必填。".to_owned(),
            Self::Sector => "必填，须与本委员会已有的界别名称一致。".to_owned(),
            Self::Level => "全国、省、市或区县；不填则与本委员会相同。".to_owned(),
            Self::Post => "工作单位及职务，可不填。".to_owned(),
            Self::Stations => format!("委员所在的工作站，{several}"),
            Self::Specialities => format!("委员熟悉的诉求类别，{several}"),
            Self::Capacity => format!("同时承接的件数上限，1 到 {MOST_CASES}；不填则为 {DEFAULT_CAPACITY}。"),
            Self::Bio => "给居民看的简短介绍，可不填。".to_owned(),
            Self::LeftOn => "任期届满的日期，写成 2027-01-31；不填则一直在任。".to_owned(),
        }
    }

    /// The column of a heading; blanks and a mark for what is needed don't matter.
    #[must_use]
    pub fn of(heading: &str) -> Option<Self> {
        let plain: String =
            heading.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '＊')).collect();
        Self::ALL.into_iter().find(|column| column.headings().contains(&plain.as_str()))
    }

    /// Whether a workbook can't do without it.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        matches!(self, Self::Name | Self::Sector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_known_by_each_of_its_names() {
        for column in Column::ALL {
            for heading in column.headings() {
                assert_eq!(Column::of(heading), Some(column), "{heading}");
            }
        }
        assert_eq!(Column::of(" 姓 名＊"), Some(Column::Name));
        assert_eq!(Column::of("手机号"), None);
    }
}
