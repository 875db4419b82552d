//! Tells the parties of a case what happened: a row for each in the message log, which people
//! read in the app.
//!
//! [`mod@audience`] is the one table of who hears of what, [`wording`] has the sentences. The words
//! that a resident or a member wrote are never copied here.

mod audience;
#[cfg(test)]
mod tests;
mod wording;

pub use audience::{Audience, audience};
pub use wording::{Facts, Reader, Words, words};

use domain::case::{CaseNumber, Supervision};
use domain::ids::{AccountId, CaseId, MessageId};
use domain::message::kind_of_event;
use domain::role::Role;

use crate::service::messaging::{self, Recipient, Told};
use crate::state::AppState;
use crate::store::messages::{self, Message, NewMessage};
use crate::store::parties::{self, Happening};
use crate::store::{self, Connection, Database, StoreError};

/// Writes a message about one event to everybody who is to hear of it. Doing it twice changes
/// nothing more.
///
/// # Errors
/// The database does not answer, or the event is not there.
pub async fn notify_case(state: &AppState, case_id: CaseId, seq: i32) -> Result<(), StoreError> {
    let happening = parties::load_happening(state.db.reader(), case_id, seq).await?;
    let recipients = recipients(&state.db, &happening).await?;
    if recipients.is_empty() {
        return Ok(());
    }
    let facts = facts(&state.db, &happening).await?;
    let created_at = state.clock.now();
    let transaction = state.db.begin().await?;
    let mut told = Vec::new();
    for (account_id, reader) in recipients {
        let Some(body) = words(happening.kind, reader, &facts) else { continue };
        let new = NewMessage {
            id: state.ids.next(),
            case_id,
            event_seq: seq,
            account_id,
            template: format!("{}.{}", happening.kind, reader.as_str()),
            body: serde_json::json!({ "title": body.title, "text": body.text }),
            created_at,
        };
        let message_id = new.id.0;
        if messages::insert_once(&transaction, new).await? {
            told.push((reader, Recipient { account_id, message_id }));
        }
    }
    for reader in [Reader::Resident, Reader::Staff] {
        let of_reader = told.iter().filter(|(side, _)| *side == reader).map(|(_, recipient)| *recipient);
        let recipients: Vec<Recipient> = of_reader.collect();
        send_too(state, &transaction, (case_id, seq), (&happening, &facts, reader), &recipients).await?;
    }
    Ok(transaction.commit().await?)
}

/// Plans the sending of the same outside the app.
async fn send_too(
    state: &AppState,
    tx: &store::Transaction,
    (case_id, seq): (CaseId, i32),
    (happening, facts, reader): (&Happening, &Facts, Reader),
    recipients: &[Recipient],
) -> Result<(), StoreError> {
    let kind = kind_of_event(happening.kind, reader == Reader::Staff);
    let (Some(kind), Some(words)) = (kind, words(happening.kind, reader, facts)) else { return Ok(()) };
    let told = Told {
        title: words.title.to_owned(),
        text: words.text,
        number: Some(facts.number.clone()),
        case_id: Some(case_id),
        station: facts.station.clone(),
        handler: facts.handler(),
        department: facts.department.clone(),
        at: happening.at,
        event: format!("{case_id}:{seq}"),
        station_id: happening.station_id,
        committee_id: happening.committee_id,
    };
    messaging::plan(state, tx, kind, &told, recipients).await
}

/// The accounts to be told, each once, as the first thing that it is to the case; without the one
/// who did it.
async fn recipients(db: &Database, happening: &Happening) -> Result<Vec<(AccountId, Reader)>, StoreError> {
    let mut recipients: Vec<(AccountId, Reader)> = Vec::new();
    for audience in audience(happening.kind) {
        for account_id in accounts(db, *audience, happening).await? {
            let told = recipients.iter().any(|(known, _)| *known == account_id);
            if !told && happening.actor != Some(account_id) {
                recipients.push((account_id, audience.reader()));
            }
        }
    }
    Ok(recipients)
}

async fn accounts(
    db: &Database,
    audience: Audience,
    happening: &Happening,
) -> Result<Vec<AccountId>, StoreError> {
    let db = db.reader();
    let (role, scope_id) = match audience {
        Audience::Resident => {
            let Some(id) = happening.resident_id else { return Ok(Vec::new()) };
            return Ok(parties::find_active(db, id).await?.into_iter().collect());
        }
        Audience::Member => (Role::Member, happening.member_id.map(|id| id.0)),
        Audience::FormerMember => (Role::Member, happening.from_member_id.map(|id| id.0)),
        Audience::Managers => (Role::StationManager, Some(happening.station_id.0)),
        Audience::Handler => match happening.member_id {
            Some(id) => (Role::Member, Some(id.0)),
            None => (Role::StationManager, Some(happening.station_id.0)),
        },
        Audience::Officers => return officers(db, happening).await,
        Audience::Supervisors => return supervisors(db, happening).await,
        Audience::Committee => (Role::CommitteeAdmin, Some(happening.committee_id.0)),
    };
    let Some(scope_id) = scope_id else { return Ok(Vec::new()) };
    parties::list_holders(db, role, scope_id).await
}

async fn officers(db: &impl Connection, happening: &Happening) -> Result<Vec<AccountId>, StoreError> {
    let mut accounts = Vec::new();
    for department in &happening.departments {
        accounts.extend(parties::list_holders(db, Role::DepartmentOfficer, department.0).await?);
    }
    Ok(accounts)
}

/// The admins of the committee, and of the one above, as far up as the case was raised. What was raised
/// before levels were written down went to the committee.
async fn supervisors(db: &impl Connection, happening: &Happening) -> Result<Vec<AccountId>, StoreError> {
    let level = happening.level.unwrap_or(Supervision::Committee.number());
    let reached =
        [Supervision::Committee, Supervision::Above].into_iter().filter(|rank| rank.is_reached_by(level));
    let committees = store::committees::chain(db, happening.committee_id).await?;
    let mut accounts = Vec::new();
    for (_, committee_id) in reached.zip(committees) {
        accounts.extend(parties::list_holders(db, Role::CommitteeAdmin, committee_id.0).await?);
    }
    Ok(accounts)
}

async fn facts(db: &Database, happening: &Happening) -> Result<Facts, StoreError> {
    let db = db.reader();
    let number = happening.number.parse::<CaseNumber>();
    Ok(Facts {
        number: number.map_or_else(|_| happening.number.clone(), CaseNumber::grouped),
        member: parties::find_member_name(db, happening.member_id).await?,
        station: parties::find_station_name(db, happening.station_id).await?.unwrap_or_default(),
        department: parties::find_department_name(db, happening.department_id).await?,
    })
}

/// The messages of an account before `before`, newest first, and how many it has not read.
///
/// # Errors
/// The database does not answer.
pub async fn list_messages(
    state: &AppState,
    account_id: AccountId,
    before: Option<MessageId>,
    limit: u64,
) -> Result<(Vec<Message>, u64), StoreError> {
    let db = state.db.reader();
    let messages = messages::list_of_account(db, account_id, before, limit).await?;
    Ok((messages, messages::count_unread(db, account_id).await?))
}

/// Marks a message as read. `false` when the account has no such message.
///
/// # Errors
/// The database does not answer.
pub async fn mark_read(state: &AppState, account_id: AccountId, id: MessageId) -> Result<bool, StoreError> {
    messages::mark_read(state.db.reader(), account_id, id, state.clock.now()).await
}
