//! A message on its way out of the service, by one channel.
use domain::ids::{AccountId, DeliveryId};
use domain::message::MessageKind;
use domain::vocabulary::{Channel, DeliveryState, Plainer};
use sea_orm::entity::prelude::*;

/// A message on its way out of the service, by one channel.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    /// What is sent once: the channel and the message, or for a group the event.
    pub once_key: String,
    /// By which way.
    pub channel: Channel,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// The message of the inbox that it tells: of a case or of a shift.
    pub message_id: Uuid,
    /// To whom; nobody in particular for a group.
    pub account_id: Option<AccountId>,
    /// The station or committee whose group is told.
    pub scope_id: Option<Uuid>,
    /// The mini-program.
    pub appid: Option<String>,
    /// The user within it.
    pub openid: Option<String>,
    /// The template.
    pub template_id: Option<String>,
    /// What its fields are filled with.
    pub facts: Json,
    /// How it was made plainer after a refusal.
    pub plainer: Option<Plainer>,
    /// How far it is.
    pub state: DeliveryState,
    /// Not before.
    pub run_at: DateTimeUtc,
    /// How often it was tried.
    pub attempts: i32,
    /// Whether a credit was taken for it.
    pub has_reserved: bool,
    /// Who is sending it.
    pub lease_id: Option<Uuid>,
    /// Until when its fate is in his hands.
    pub leased_until: Option<DateTimeUtc>,
    /// Why it was refused or given up: a number of WeChat's or a word of ours.
    pub reason: Option<String>,
    /// WeChat's name for it, if it gave one.
    pub msg_id: Option<String>,
    /// When the last try began.
    pub sent_at: Option<DateTimeUtc>,
    /// When WeChat told what has become of it.
    pub confirmed_at: Option<DateTimeUtc>,
    /// When its fate was clear, or clearly unknown.
    pub settled_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
