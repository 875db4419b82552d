//! Loads the demo district once: an invented committee with stations, members, a roster, users to log
//! in as, and a few dozen cases in all states.
//!
//! The cases are not made up column by column: [`plan`] says what people did, [`history`] plays it by
//! the rules of `domain`. Everything is written in one transaction, or nothing.

mod district;
mod history;
mod plan;
mod roster;
mod scans;
mod script;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::start_of_day;
use domain::case::CaseNumber;
use domain::ids::{AccountId, CommitteeId};
use domain::role::Role;
use domain::routing::{Directory, Shift};
use domain::vocabulary::CodeKind;
use entity::{credential, duty_shift, invitation, wechat_identity};
use secrecy::ExposeSecret;
use serde::Serialize;
use uuid::Uuid;

use self::district::{Founded, Site};
use self::history::{Told, World};
use self::plan::{Plan, UserPlan};
pub use self::script::StepError;
use super::case_view::{CONTACT_CONTEXT, Contact};
use super::codes::link_of;
use super::invitations::InviteCode;
use crate::auth::PasswordError;
use crate::clock::ManualClock;
use crate::ids::Ids;
use crate::seal::{SealError, sha256};
use crate::state::Parts;
use crate::store::cases::StoredPlace;
use crate::store::demo::{self, CaseHistory};
use crate::store::{self, StoreError, Transaction};

/// The demo committee in every installation, so that it can't be there twice.
const COMMITTEE: CommitteeId = CommitteeId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_de30_0001));
/// How long the open invitation can be used.
const INVITATION_LIFE: TimeDelta = TimeDelta::days(30);
/// What the invitation's code is derived for.
const INVITE_CONTEXT: &str = "demo.invite";

/// Why the demo district was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The configuration does not want it.
    #[error("demo.enabled is false: the demo district is not for production")]
    Disabled,
    /// A file of the plan can't be read.
    #[error("deploy/demo/{}: {fault}", file.display())]
    Plan {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        fault: String,
    },
    /// The plan names something that it doesn't have.
    #[error("the plan has nothing called {0}")]
    UnknownName(String),
    /// A step lacks something.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The rules refuse what a script tells.
    #[error("case {key}: {problem}")]
    Script {
        /// The script.
        key: String,
        /// What the rules say.
        problem: String,
    },
    /// A part of the plan can't be written as JSON.
    #[error("a part of the plan can't be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A password can't be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// A contact can't be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The demo district as somebody who wants to try it needs to know it.
#[derive(Debug, Serialize)]
pub struct Demo {
    /// Whether it was loaded just now; false when it was there already.
    pub loaded: bool,
    /// The link on a station's poster.
    pub station_link: Option<String>,
    /// The link of a member's own code.
    pub member_link: Option<String>,
    /// A code that binds an account to a member, while nobody has used it.
    pub invite_code: Option<String>,
    /// Who can log in with a password.
    pub logins: Vec<Login>,
}

/// A user of staff.
#[derive(Debug, Serialize)]
pub struct Login {
    /// The name to log in with; the same in the WeChat simulator.
    pub login: String,
    /// The role.
    pub role: Role,
    /// The setting that holds the password.
    pub password_from: &'static str,
}

/// Loads the demo district if it is not there.
///
/// # Errors
/// See [`DemoError`]; nothing has been written then.
pub async fn load(state: &Parts) -> Result<Demo, DemoError> {
    if !state.config.demo.enabled {
        return Err(DemoError::Disabled);
    }
    let plan = Plan::shipped()?;
    let code = invite_code(state);
    let mut loaded = false;
    if !demo::exists(state.db.reader(), COMMITTEE).await? {
        loaded = match write(state, &plan, &code).await {
            Ok(()) => true,
            // Another process was faster. If not, a demo user's name is taken by somebody else.
            Err(DemoError::Store(StoreError::Duplicate(_)))
                if demo::exists(state.db.reader(), COMMITTEE).await? =>
            {
                false
            }
            Err(error) => return Err(error),
        };
        state.boards.forget(COMMITTEE);
    }
    let db = state.db.reader();
    let link = |token: Option<String>| token.map(|token| link_of(state, &token));
    let invitation = store::invitations::find_by_code(db, &code.hash()).await?;
    let is_open = |row: &invitation::Model| row.used_at.is_none() && row.expires_at > state.clock.now();
    Ok(Demo {
        loaded,
        station_link: link(demo::find_first_token(db, COMMITTEE, CodeKind::Station).await?),
        member_link: link(demo::find_first_token(db, COMMITTEE, CodeKind::Member).await?),
        invite_code: invitation.filter(is_open).map(|_| code.as_str().to_owned()),
        logins: plan.district.users.into_iter().filter(has_password).map(Login::from).collect(),
    })
}

/// Residents log in by WeChat only.
fn has_password(user: &UserPlan) -> bool {
    user.role != Role::Resident
}

impl From<UserPlan> for Login {
    fn from(user: UserPlan) -> Self {
        Self { login: user.login, role: user.role, password_from: "demo.password" }
    }
}

/// The code of the invitation: derived from the demo password, so that it can be shown at every start
/// and still differs from one installation to the next.
fn invite_code(state: &Parts) -> InviteCode {
    let password = state.config.demo.password.expose_secret();
    InviteCode::of(&state.sealer.lookup_hash(INVITE_CONTEXT, password))
}

/// Founds the district, plays its history, and stores both.
async fn write(state: &Parts, plan: &Plan, code: &InviteCode) -> Result<(), DemoError> {
    let now = state.clock.now();
    let calendar = state.calendars.current();
    let founded_at = start_of_day(district::founding_day(&plan.district, now));
    // Ids tell when a row was made, and lists are sorted by them.
    let clock = Arc::new(ManualClock::starting_at(founded_at));
    let ids = Ids::seeded(clock.clone(), state.ids.draw());
    let code_keys = &state.code_keys;
    let site = Site { committee_id: COMMITTEE, calendar: &calendar, code_keys, ids: &ids, founded_at, now };
    let (founded, rows) = district::found(&plan.district, site)?;
    let credentials = credentials(state, plan, &founded, now).await?;

    let tx = state.db.begin().await?;
    let shifts: Vec<Shift> = rows.duty_shifts.iter().map(shift).collect();
    demo::insert_district(&tx, rows).await?;
    let directory = store::routing_snapshot::load(&tx, COMMITTEE, now).await?;
    let directory = Directory { roster: shifts, ..directory };
    let own = store::committee_rules::find(&tx, COMMITTEE).await?;
    let terms = store::case_terms::of_committee(&tx, COMMITTEE, own.terms).await?;
    let world = World {
        founded: &founded,
        directory: &directory,
        terms: &terms,
        calendar: &calendar,
        ids: &ids,
        clock: &clock,
        now,
    };
    for told in history::tell(world, &plan.cases)? {
        demo::insert_case(&tx, case_history(state, told)?).await?;
    }
    for credential in credentials {
        store::credentials::insert(&tx, credential).await?;
    }
    insert_identities(state, &tx, plan, &founded, now).await?;
    insert_invitation(state, &tx, plan, &founded, code, now).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

fn shift(row: &duty_shift::Model) -> Shift {
    let duty_shift::Model { station_id, member_id, starts_at, ends_at, .. } = *row;
    Shift { station_id, member_id, starts_at, ends_at }
}

/// The case with what is no matter of the rules: a number, a ticket that nobody has, the sealed contact.
fn case_history(state: &Parts, told: Told<'_>) -> Result<CaseHistory, DemoError> {
    let script = told.script;
    let contact = Contact {
        name: script.contact.as_ref().map(|contact| contact.name.clone()),
        phone: None,
        on_behalf_of: script.on_behalf_of.clone(),
    };
    let contact_sealed = if contact == Contact::default() {
        None
    } else {
        Some(state.sealer.seal(&state.ids, CONTACT_CONTEXT, &serde_json::to_vec(&contact)?)?)
    };
    let place = script.place.as_ref();
    Ok(CaseHistory {
        number: CaseNumber::from_draw(state.ids.draw()),
        text: script.text.clone(),
        category_id: told.category_id,
        code_id: told.code_id,
        place: StoredPlace {
            point: place.map(|place| (place.lat, place.lng)),
            name: place.map(|place| place.name.clone()),
            address: None,
        },
        contact_sealed,
        anonymous: script.anonymous,
        ticket_hash: sha256(state.ids.secret().as_bytes()),
        wake_at: told.wake_at,
        updated_at: told.updated_at(),
        case: told.case,
        routing: told.reasons,
        events: told.events,
        responses: told.responses,
        ratings: told.ratings,
        second_looks: told.second_looks,
    })
}

/// A password for every user of staff. Hashed before the transaction: it takes a while.
async fn credentials(
    state: &Parts,
    plan: &Plan,
    founded: &Founded,
    now: DateTime<Utc>,
) -> Result<Vec<credential::Model>, DemoError> {
    let mut credentials = Vec::new();
    for user in plan.district.users.iter().filter(|user| has_password(user)) {
        let password = state.config.demo.password.clone();
        credentials.push(credential::Model {
            account_id: founded.users.get(&user.login)?,
            login: user.login.clone(),
            password_hash: state.passwords.hash(&state.ids, password).await?,
            totp_sealed: None,
            failures: 0,
            retry_at: None,
            created_at: now,
        });
    }
    Ok(credentials)
}

/// Ties the users to WeChat, where a mini-program is configured.
async fn insert_identities(
    state: &Parts,
    tx: &Transaction,
    plan: &Plan,
    founded: &Founded,
    now: DateTime<Utc>,
) -> Result<(), DemoError> {
    let Ok(client) = state.wechat.main() else { return Ok(()) };
    for user in &plan.district.users {
        let account_id: AccountId = founded.users.get(&user.login)?;
        let (appid, openid) = (client.appid().to_owned(), user.wechat.clone());
        let identity = wechat_identity::Model { appid, openid, account_id, unionid: None, created_at: now };
        store::accounts::insert_identity(tx, identity).await?;
    }
    Ok(())
}

/// An open invitation for the member who has no account yet.
async fn insert_invitation(
    state: &Parts,
    tx: &Transaction,
    plan: &Plan,
    founded: &Founded,
    code: &InviteCode,
    now: DateTime<Utc>,
) -> Result<(), DemoError> {
    let Some(member) = plan.district.members.iter().find(|member| member.invited) else { return Ok(()) };
    let row = invitation::Model {
        id: state.ids.next(),
        code_hash: code.hash(),
        role: Role::Member,
        scope_id: founded.members.get(&member.name)?.0,
        phone_hash: None,
        expires_at: now + INVITATION_LIFE,
        used_at: None,
        used_by: None,
        created_at: now,
    };
    Ok(store::invitations::insert(tx, row).await?)
}
