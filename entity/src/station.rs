//! A station (工作站).
use domain::ids::{CommitteeId, StationId};
use domain::vocabulary::StationKind;
use sea_orm::entity::prelude::*;

/// A station (工作站).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stations")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StationId,
    /// The tenant.
    pub committee_id: CommitteeId,
    /// What kind of place it is.
    pub kind: StationKind,
    /// As it is called.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its public office number.
    pub phone: Option<String>,
    /// When somebody is there, in words.
    pub opening_hours: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lng: Option<f64>,
    /// The ring of its area: an array of `[lng, lat]`.
    pub service_area: Option<Json>,
    /// Shown on its scan card.
    pub notice: Option<String>,
    /// Whether its members may ask departments themselves.
    pub members_may_dispatch: bool,
    /// Whether its manager signs the answers of its members off before they are sent.
    pub answers_signed_off: bool,
    /// Since when it is closed.
    pub closed_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
