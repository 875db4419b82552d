//! Scans of a code in one hour.
use domain::ids::CodeId;
use domain::vocabulary::ScanResult;
use sea_orm::entity::prelude::*;

/// Scans of a code in one hour.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "code_scans")]
pub struct Model {
    /// The code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_id: CodeId,
    /// The hour, counted from the beginning of 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hour: i32,
    /// What came of them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub result: ScanResult,
    /// How many.
    pub scans: i64,
}

impl ActiveModelBehavior for ActiveModel {}
