//! Messages on their way: written with what they tell, taken in batches, settled under the lease of whoever
//! sent them. Whoever comes back late changes nothing.

mod fates;
mod queue;
mod records;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::DeliveryId;
use entity::delivery::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use uuid::Uuid;

pub use fates::{
    bury, confirm, give_up_leases, lock_lost, lock_unconfirmed, settle_refused, settle_sent, settle_unknown,
    try_again,
};
pub use queue::{begin, insert_once, is_any_due, list_sendable, lock_queue, postpone, refuse};
pub use records::{count_said, count_unsettled, delete_of_account, delete_settled, list_of_account};

/// Both databases limit the parameters of a statement.
const PORTION: usize = 200;

/// How long WeChat may take to tell of a message.
pub const CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(1);

/// A try: whose it is, and when it began.
#[derive(Debug, Clone, Copy)]
pub struct Try {
    /// The lease under which it is settled.
    pub lease_id: Uuid,
    /// Now.
    pub now: DateTime<Utc>,
    /// Until when its fate is in the sender's hands.
    pub leased_until: DateTime<Utc>,
}

fn of(ids: &[DeliveryId]) -> UpdateMany<Entity> {
    Entity::update_many().filter(Column::Id.is_in(ids.iter().copied()))
}
