//! One entry of a case's history; never changed.
use domain::case::{EventKind, State};
use domain::ids::{AccountId, CaseId};
use domain::role::Party;
use sea_orm::entity::prelude::*;

/// One entry of a case's history; never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_events")]
pub struct Model {
    /// The case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: CaseId,
    /// Its number within the case, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    /// What happened.
    pub kind: EventKind,
    /// The state before.
    pub from_state: Option<State>,
    /// The state after.
    pub to_state: State,
    /// In what capacity somebody did it.
    pub party: Party,
    /// Who did it, if somebody with an account.
    pub account_id: Option<AccountId>,
    /// An `EventBody`.
    pub body: Json,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
