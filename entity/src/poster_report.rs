//! What somebody says of a poster that looks wrong.
use domain::ids::{CodeId, PosterReportId, StationId};
use sea_orm::entity::prelude::*;

/// What somebody says of a poster that looks wrong. Nothing says who.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "poster_reports")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PosterReportId,
    /// The code on it, where it is one of ours.
    pub code_id: Option<CodeId>,
    /// The station that should go and look.
    pub station_id: Option<StationId>,
    /// What was read from it.
    pub said_token: Option<String>,
    /// What is wrong with it.
    pub text: String,
    /// Where it hangs.
    pub place: Option<String>,
    /// When it was said.
    pub created_at: DateTimeUtc,
    /// When somebody had looked.
    pub settled_at: Option<DateTimeUtc>,
    /// What was found.
    pub note: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
