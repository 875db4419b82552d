//! A station that a member belongs to.
use domain::ids::{MemberId, StationId};
use sea_orm::entity::prelude::*;

/// A station that a member belongs to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "member_stations")]
pub struct Model {
    /// The member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: MemberId,
    /// The station.
    #[sea_orm(primary_key, auto_increment = false)]
    pub station_id: StationId,
}

impl ActiveModelBehavior for ActiveModel {}
