//! A period in which a member takes no cases.
use domain::ids::{AbsenceId, MemberId};
use sea_orm::entity::prelude::*;

/// A period in which a member takes no cases.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AbsenceId,
    /// The member.
    pub member_id: MemberId,
    /// From.
    pub starts_at: DateTimeUtc,
    /// Until, exclusive.
    pub ends_at: DateTimeUtc,
    /// For the manager only.
    pub reason: Option<String>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
