//! A picture that the draft of an answer names.
use domain::ids::{CaseId, UploadId};
use sea_orm::entity::prelude::*;

/// A picture that the draft of an answer names.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_uploads")]
pub struct Model {
    /// The picture.
    #[sea_orm(primary_key, auto_increment = false)]
    pub upload_id: UploadId,
    /// The case whose draft it is.
    pub case_id: CaseId,
}

impl ActiveModelBehavior for ActiveModel {}
