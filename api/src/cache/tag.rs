//! What a kept value depends on.

use std::fmt;
use std::str::FromStr;

use domain::ids::{AccountId, CommitteeId, MemberId, StationId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Something whose change makes kept values wrong. Written as `station:<uuid>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// A committee: its name, its categories, its list of stations.
    Committee(CommitteeId),
    /// A station: its page, its roster.
    Station(StationId),
    /// A member: the page, posts, absences.
    Member(MemberId),
    /// A printed code, by its token.
    Code(String),
    /// An account: its state and its roles.
    Account(AccountId),
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Committee(id) => write!(f, "committee:{id}"),
            Self::Station(id) => write!(f, "station:{id}"),
            Self::Member(id) => write!(f, "member:{id}"),
            Self::Code(token) => write!(f, "code:{token}"),
            Self::Account(id) => write!(f, "account:{id}"),
        }
    }
}

/// A text that names no tag that this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cache tag")]
pub struct UnknownTag;

impl FromStr for Tag {
    type Err = UnknownTag;

    fn from_str(text: &str) -> Result<Self, UnknownTag> {
        fn id<T: FromStr>(text: &str) -> Result<T, UnknownTag> {
            text.parse().map_err(|_| UnknownTag)
        }
        match text.split_once(':').ok_or(UnknownTag)? {
            ("committee", rest) => id(rest).map(Self::Committee),
            ("station", rest) => id(rest).map(Self::Station),
            ("member", rest) => id(rest).map(Self::Member),
            ("code", rest) => Ok(Self::Code(rest.to_owned())),
            ("account", rest) => id(rest).map(Self::Account),
            _ => Err(UnknownTag),
        }
    }
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_tag_reads_back_as_what_was_written() {
        let id = Uuid::from_u128(7);
        let tags = [
            Tag::Committee(id.into()),
            Tag::Station(id.into()),
            Tag::Member(id.into()),
            Tag::Code("A7:k2".to_owned()),
            Tag::Account(id.into()),
        ];
        for tag in tags {
            assert_eq!(tag.to_string().parse(), Ok(tag));
        }
        assert_eq!("station:00000000-0000-0000-0000-000000000007".parse(), Ok(Tag::Station(id.into())));
        assert_eq!("planet:7".parse::<Tag>(), Err(UnknownTag));
        assert_eq!("station:x".parse::<Tag>(), Err(UnknownTag));
    }
}
