//! What a committee has decided on itself where defaults hold for all others.
use domain::ids::CommitteeId;
use sea_orm::entity::prelude::*;

/// What a committee has decided on itself where defaults hold for all others.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "committee_rules")]
pub struct Model {
    /// The committee.
    #[sea_orm(primary_key, auto_increment = false)]
    pub committee_id: CommitteeId,
    /// An `OwnTerms`.
    pub terms: Json,
    /// An `OwnRules`.
    pub routing: Json,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
