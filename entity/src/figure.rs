//! One figure of a day, a station and a member; brought forward from the history of cases.
use domain::figures::Figure;
use domain::ids::{MemberId, StationId};
use sea_orm::entity::prelude::*;

/// One figure of a day, a station and a member; brought forward from the history of cases.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "figures")]
pub struct Model {
    /// The day in Shanghai.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// The station.
    #[sea_orm(primary_key, auto_increment = false)]
    pub station_id: StationId,
    /// The member; the nil id while a case waited for the manager.
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: MemberId,
    /// What is counted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub figure: Figure,
    /// The half days that an answer took; 0 for all other figures.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bin: i16,
    /// How many.
    pub total: i64,
}

impl ActiveModelBehavior for ActiveModel {}
