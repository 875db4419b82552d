//! The scan card: what a resident sees who has scanned a code.

use chrono::{DateTime, Utc};
use domain::ids::{CategoryId, CommitteeId, MemberId, StationId};
use domain::vocabulary::{CodeKind, CodeState, Level, StationKind};
use serde::{Deserialize, Serialize};

use super::directory::{MapPoint, SectorName, photo_url};
use super::duty::{Duty, OnDuty, ReceptionDay};
use crate::cache::Tag;
use crate::state::Parts;
use crate::store::StoreError;
use crate::store::codes::{CommitteeName, ScannedCode};
use crate::store::directory::members::MemberRow;
use crate::store::directory::stations::StationRow;
use crate::store::directory::vocabularies::list_categories;

/// More categories than anybody reads through on a phone.
const MOST_CATEGORIES: u64 = 100;

/// What a resident sees who has scanned a code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ScanCard {
    /// The code.
    pub code: CardCode,
    /// Its committee.
    pub committee: CardCommittee,
    /// Its station.
    pub station: CardStation,
    /// The member of a member's code, while in office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<CardMember>,
    /// Who is on duty at the station now.
    pub on_duty: Vec<OnDuty>,
    /// The reception day that runs or comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_reception_day: Option<ReceptionDay>,
    /// What a case can be about.
    pub categories: Vec<CardCategory>,
    /// What the station wants everybody to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// The code on its card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CardCode {
    /// What stands in the printed link.
    pub token: String,
    /// What it points to.
    pub kind: CodeKind,
    /// Whether it works.
    pub state: CodeState,
}

/// The committee on a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CardCommittee {
    /// Key.
    pub id: CommitteeId,
    /// As it is called.
    pub name: String,
}

/// The station on a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CardStation {
    /// Key.
    pub id: StationId,
    /// What kind of place it is.
    pub kind: StationKind,
    /// As it is called.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its office number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// When somebody is there, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_hours: Option<String>,
    /// On the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point: Option<MapPoint>,
    /// Whether it takes cases; the cases of a closed station go to another one.
    pub open: bool,
}

/// The member on a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CardMember {
    /// Key.
    pub id: MemberId,
    /// The member's name.
    pub name: String,
    /// The level of the member's committee.
    pub level: Level,
    /// Post or profession.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The sector.
    pub sector: SectorName,
    /// Where the portrait is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo_url: Option<String>,
    /// A few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
}

/// A category on a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CardCategory {
    /// Key.
    pub id: CategoryId,
    /// As it is called.
    pub name: String,
}

/// A card, with what it was made from and when it stops being true.
#[derive(Debug)]
pub(super) struct MadeCard {
    pub(super) card: ScanCard,
    pub(super) tags: Vec<Tag>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// Makes the card of a code that was found; three statements.
pub(super) async fn make(
    state: &Parts,
    code: ScannedCode,
    now: DateTime<Utc>,
) -> Result<MadeCard, StoreError> {
    let duty = Duty::load(&state.db, code.station.id, now).await?;
    let categories =
        list_categories(state.db.reader(), Some(code.committee.id), None, MOST_CATEGORIES).await?;
    let today = domain::calendar::shanghai_date(now);
    let member = code.member.filter(|member| member.left_on.is_none_or(|left_on| left_on > today));
    let own_member = member.as_ref().map(|member| member.id);
    let mut tags =
        vec![Tag::Code(code.token.clone()), Tag::Station(code.station.id), Tag::Committee(code.committee.id)];
    tags.extend(duty.members().chain(own_member).map(Tag::Member));
    let card = ScanCard {
        code: CardCode { token: code.token, kind: code.kind, state: code.state },
        committee: code.committee.into(),
        notice: code.station.notice.clone(),
        station: code.station.into(),
        member: member.map(|member| CardMember::new(state, member)),
        on_duty: duty.on_duty,
        next_reception_day: duty.next_reception_day,
        categories: categories.into_iter().map(|row| CardCategory { id: row.id, name: row.name }).collect(),
    };
    Ok(MadeCard { card, tags, expires_at: duty.changes_at })
}

impl From<CommitteeName> for CardCommittee {
    fn from(row: CommitteeName) -> Self {
        Self { id: row.id, name: row.name }
    }
}

impl From<StationRow> for CardStation {
    fn from(row: StationRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            address: row.address,
            phone: row.phone,
            opening_hours: row.opening_hours,
            point: MapPoint::of(row.lat, row.lng),
            open: row.closed_at.is_none(),
        }
    }
}

impl CardMember {
    fn new(state: &Parts, row: MemberRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            level: row.level,
            post: row.post,
            sector: row.sector.into(),
            photo_url: row.photo_id.map(|photo_id| photo_url(state, photo_id)),
            bio: row.bio,
        }
    }
}
