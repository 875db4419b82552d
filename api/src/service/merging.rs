//! Merging: what a decision has to know of the case that leads, and how followers hear of it.
//!
//! A leading case's turn (answered, closed, taken up again, ended without an answer) is committed
//! together with a job, which brings its followers up to it, one transaction each. A follower keeps the
//! number of the last event that it has heard of: doing it twice changes nothing more, and a job that
//! comes late or was broken off goes on where the followers are.

use domain::case::{self, Command, Context, Decision, Leader, State};
use domain::ids::CaseId;
use domain::role::Party;

use crate::jobs::Job;
use crate::service::casework;
use crate::service::terms;
use crate::service::visitor::Visitor;
use crate::state::{AppState, Parts};
use crate::store::cases::{CaseKey, Readers, StoredCase};
use crate::store::outbox::NewJob;
use crate::store::{self, Connection, StoreError, Transaction};

/// How many followers are looked up at a time.
const BATCH: u64 = 100;

/// Locks a case, and with it the one that a command wants it to follow, in the order of their ids.
///
/// # Errors
/// The database does not answer.
pub(super) async fn lock(
    tx: &Transaction,
    id: CaseId,
    command: &Command,
) -> Result<(Option<StoredCase>, Option<StoredCase>), StoreError> {
    match command {
        Command::Merge { leading_case_id } => store::cases::lock_both(tx, id, *leading_case_id).await,
        _ => Ok((store::cases::lock(tx, id).await?, None)),
    }
}

/// What a command's decision has to know of other cases.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Others {
    /// The case that leads or is to lead, if the visitor may know.
    leader: Option<Leader>,
    /// The number of its last event.
    leader_seq: i32,
    /// Whether others follow the case.
    leads: bool,
}

impl Others {
    /// The same context, with these.
    pub(super) const fn put_into(self, context: Context<'_>) -> Context<'_> {
        Context { leader: self.leader, leads: self.leads, ..context }
    }
}

/// Looks at the other cases that a command is about: to merge, the visitor must manage both.
///
/// # Errors
/// The database does not answer.
pub(super) async fn others(
    tx: &Transaction,
    visitor: &Visitor,
    stored: &StoredCase,
    wanted: Option<StoredCase>,
    command: &Command,
) -> Result<Others, StoreError> {
    match command {
        Command::Merge { .. } => {
            let Some(wanted) = wanted else { return Ok(Others::default()) };
            let committees = store::committees::chain(tx, wanted.case.committee_id).await?;
            if !visitor.standing(&wanted, &committees).is(Party::Manager) {
                return Ok(Others::default());
            }
            let leads = store::followers::any(tx, stored.case.id).await?;
            Ok(Others { leader: Some(leader(tx, &wanted).await?), leader_seq: wanted.case.event_seq, leads })
        }
        // The follower's lock is enough: it can't be sent to another leading case meanwhile.
        Command::Unmerge => {
            let leader = find_leader(tx, stored).await?.map(|(_, leader)| leader);
            Ok(Others { leader, ..Others::default() })
        }
        _ => Ok(Others::default()),
    }
}

/// The case that this one follows.
///
/// # Errors
/// The database does not answer.
pub(super) async fn find_leader(
    db: &impl Connection,
    stored: &StoredCase,
) -> Result<Option<(StoredCase, Leader)>, StoreError> {
    let Some(id) = stored.case.leading_case_id else { return Ok(None) };
    let Some(found) = store::cases::find(db, CaseKey::Id(id)).await? else { return Ok(None) };
    let leader = leader(db, &found).await?;
    Ok(Some((found, leader)))
}

/// A new follower hears of the answer that stands, and of nothing before.
async fn leader(db: &impl Connection, stored: &StoredCase) -> Result<Leader, StoreError> {
    let case = &stored.case;
    let answer = match case.state {
        State::Responded | State::Contested => store::answers::find_last_response(db, case.id).await?,
        _ => None,
    };
    Ok(Leader {
        id: case.id,
        committee_id: case.committee_id,
        state: case.state,
        follows: case.leading_case_id,
        heard_seq: answer.map_or(case.event_seq, |answer| answer.event_seq - 1),
    })
}

/// Has a new follower told of the answer that there is already.
///
/// # Errors
/// The database does not answer.
pub(super) async fn catch_up(state: &Parts, tx: &Transaction, others: &Others) -> Result<(), StoreError> {
    match others.leader {
        Some(leader) if leader.heard_seq < others.leader_seq => {
            enqueue(state, tx, leader.id, others.leader_seq).await
        }
        _ => Ok(()),
    }
}

/// Has the followers of a case told when it has taken a turn.
///
/// # Errors
/// The database does not answer.
pub(super) async fn pass_on(state: &Parts, tx: &Transaction, decision: &Decision) -> Result<(), StoreError> {
    let case = &decision.case;
    let turned = decision.events.iter().any(|event| case::turn(event).is_some());
    if turned && store::followers::any(tx, case.id).await? {
        enqueue(state, tx, case.id, case.event_seq).await?;
    }
    Ok(())
}

async fn enqueue(state: &Parts, tx: &Transaction, case_id: CaseId, seq: i32) -> Result<(), StoreError> {
    let now = state.clock.now();
    let job = Job::TellFollowers { case_id, seq };
    let new = NewJob { id: state.ids.next(), job: &job, run_at: now, dedupe_key: None, created_at: now };
    store::outbox::enqueue(tx, new).await?;
    Ok(())
}

/// Brings all followers of a case up to its event `seq`.
///
/// # Errors
/// The database does not answer. Those who have heard by then have heard.
pub async fn tell_followers(state: &AppState, leading: CaseId, seq: i32) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let batch = store::followers::list_behind(state.db.reader(), leading, seq, after, BATCH).await?;
        for id in &batch {
            tell_one(state, *id, leading, seq).await?;
        }
        after = batch.last().copied();
        if after.is_none() {
            state.jobs.wake();
            return Ok(());
        }
    }
}

async fn tell_one(state: &AppState, id: CaseId, leading: CaseId, seq: i32) -> Result<(), StoreError> {
    let now = state.clock.now();
    let calendar = state.calendars.current();
    let tx = state.db.begin().await?;
    let Some(stored) = store::cases::lock(&tx, id).await? else { return Ok(()) };
    let heard = stored.case.leader_seq.filter(|heard| *heard < seq);
    // It may have left, or have heard by another job.
    let (Some(heard), true) = (heard, stored.case.leading_case_id == Some(leading)) else { return Ok(()) };
    // Numbers have no gaps. What is among staff only is no turn.
    let limit = u64::try_from(seq - heard).unwrap_or_default();
    let events = store::cases::list_events(&tx, leading, Readers::Residents, heard, limit).await?;
    let events: Vec<_> = events.into_iter().map(|stored| (stored.seq, stored.event)).collect();
    let terms = store::case_terms::find(&tx, stored.case.station_id, stored.category_id).await?;
    let presence = store::absences::presence(&tx, stored.case.member_id, now).await?;
    let context = Context { presence, ..terms::context(&calendar, terms, now) };
    let told = case::follow(&stored.case, &events, &context)
        .map_err(|error| StoreError::inconsistent("cases", id, error))?;
    let Some(decision) = told else { return Ok(()) };
    let wake_at = case::next_wake_at(&decision.case, &context);
    casework::apply(state, &tx, &decision, None, wake_at, now).await?;
    tx.commit().await?;
    if decision.case.state != State::Merged {
        state.boards.forget(decision.case.committee_id);
    }
    Ok(())
}
