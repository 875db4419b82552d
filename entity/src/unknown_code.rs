//! A token that people scanned although nobody issued it.
use sea_orm::entity::prelude::*;

/// A token that people scanned although nobody issued it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unknown_codes")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In its canonical spelling.
    #[sea_orm(unique)]
    pub token: String,
    /// How often it was scanned.
    pub scans: i64,
    /// When it was scanned first.
    pub first_at: DateTimeUtc,
    /// When it was scanned last.
    pub last_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
