//! A job, written in the transaction that made it necessary.
use domain::ids::JobId;
use sea_orm::entity::prelude::*;

/// A job, written in the transaction that made it necessary.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Which handler takes it.
    pub kind: String,
    /// Ids only.
    pub payload: Json,
    /// At most one row with this key at a time.
    pub dedupe_key: Option<String>,
    /// `pending` or `dead`; done jobs are removed.
    pub state: String,
    /// Not before.
    pub run_at: DateTimeUtc,
    /// How often it was tried.
    pub attempts: i32,
    /// Who is working on it.
    pub lease_id: Option<Uuid>,
    /// Until when nobody else may.
    pub leased_until: Option<DateTimeUtc>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
