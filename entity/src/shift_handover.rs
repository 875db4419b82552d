//! A shift that a member offers to a colleague.
use domain::ids::{HandoverId, MemberId, ShiftId};
use domain::vocabulary::HandoverState;
use sea_orm::entity::prelude::*;

/// A shift that a member offers to a colleague.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shift_handovers")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HandoverId,
    /// The shift.
    pub shift_id: ShiftId,
    /// Who has it.
    pub from_member_id: MemberId,
    /// Who is asked to take it.
    pub to_member_id: MemberId,
    /// Where the offer stands.
    pub state: HandoverState,
    /// The colleague's shift that is wanted in exchange, if any.
    pub in_return_shift_id: Option<ShiftId>,
    /// When it can't be accepted any more.
    pub expires_at: Option<DateTimeUtc>,
    /// A few words to the colleague.
    pub note: Option<String>,
    /// When it was answered or withdrawn.
    pub decided_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
