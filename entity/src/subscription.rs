//! What a user of a mini-program has agreed to be told by one template.
use domain::vocabulary::SubscriptionHint;
use sea_orm::entity::prelude::*;

/// What a user of a mini-program has agreed to be told by one template.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "subscriptions")]
pub struct Model {
    /// The mini-program.
    #[sea_orm(primary_key, auto_increment = false)]
    pub appid: String,
    /// The user within it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub openid: String,
    /// The template.
    #[sea_orm(primary_key, auto_increment = false)]
    pub template_id: String,
    /// How many messages may still be sent, as far as is known; for a long-term template, 1 after a yes.
    pub credit: i32,
    /// When the user has said no last, if after the last yes.
    pub refused_at: Option<DateTimeUtc>,
    /// What the mini-program has told of the popup: a hint, nothing is sent on its word.
    pub hint: Option<SubscriptionHint>,
    /// When it told so.
    pub hinted_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it changed last.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
