//! Plays the scripts: all cases in the order of time, by the same rules as real ones, up to now.
//!
//! No database and no real clock: time is set to each step, ids are of that time, and between two
//! steps of a case time does to it what it does to every case.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use domain::calendar::{WorkCalendar, shanghai_date, start_of_day};
use domain::case::{self, Case, Command, Context, Decision, Leader, NewCase, NewEvent, Owner};
use domain::geo::Point;
use domain::ids::{AccountId, CategoryId, CodeId, MemberId};
use domain::role::{Party, Standing};
use domain::routing::{Assignment, CodeTarget, Directory, Loads, Matter, Reason, Rules, route};
use domain::text::CaseText;
use entity::{response, second_look};

use super::DemoError;
use super::district::Founded;
use super::plan::{CaseScript, Step};
use super::script;
use crate::clock::ManualClock;
use crate::ids::Ids;
use crate::service::answers;
use crate::service::terms;
use crate::store::answers::NewRating;
use crate::store::case_terms::CommitteeTerms;

/// The stage on which the scripts are played.
#[derive(Debug, Clone, Copy)]
pub(super) struct World<'a> {
    pub(super) founded: &'a Founded,
    /// With the roster of the whole time.
    pub(super) directory: &'a Directory,
    pub(super) terms: &'a CommitteeTerms,
    pub(super) calendar: &'a WorkCalendar,
    /// Follow [`World::clock`].
    pub(super) ids: &'a Ids,
    pub(super) clock: &'a ManualClock,
    pub(super) now: DateTime<Utc>,
}

/// A case as the rules have made it.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) script: &'a CaseScript,
    pub(super) case: Case,
    pub(super) wake_at: Option<DateTime<Utc>>,
    pub(super) category_id: Option<CategoryId>,
    pub(super) code_id: Option<CodeId>,
    pub(super) reasons: Vec<Reason>,
    /// Its whole history, each entry with who did it.
    pub(super) events: Vec<(NewEvent, Option<AccountId>)>,
    pub(super) responses: Vec<response::Model>,
    pub(super) ratings: Vec<NewRating>,
    pub(super) second_looks: Vec<second_look::Model>,
}

impl Told<'_> {
    /// When it changed last.
    pub(super) fn updated_at(&self) -> DateTime<Utc> {
        self.events.last().map_or(self.case.created_at, |(event, _)| event.at)
    }

    fn take(&mut self, decision: Decision, account_id: Option<AccountId>) {
        if let Some(response) = self.responses.last() {
            let asked = answers::question(&decision.case, &decision.events, response.id);
            self.second_looks.extend(asked);
        }
        self.case = decision.case;
        self.events.extend(decision.events.into_iter().map(|event| (event, account_id)));
    }
}

/// One entry of the calendar of all scripts: `step` none is the intake.
struct Cue<'a> {
    at: DateTime<Utc>,
    script: &'a CaseScript,
    step: Option<&'a Step>,
}

/// Plays all scripts; the cases come in the order in which they were taken in.
///
/// # Errors
/// A script does not fit the rules or the district.
pub(super) fn tell<'a>(world: World<'_>, scripts: &'a [CaseScript]) -> Result<Vec<Told<'a>>, DemoError> {
    let mut cues: Vec<Cue<'a>> = scripts.iter().flat_map(|script| cues(script, world.now)).collect();
    // Stable: steps at the same instant stay in the order of the script.
    cues.sort_by_key(|cue| cue.at);
    let mut cases: Vec<Told<'a>> = Vec::new();
    for cue in cues {
        world.clock.set(cue.at);
        match cue.step {
            None => {
                let told = world.open(cue.script, cue.at, &cases)?;
                cases.push(told);
            }
            Some(step) => world.act(cue.script, step, cue.at, &mut cases)?,
        }
    }
    world.clock.set(world.now);
    for told in &mut cases {
        world.pass_time(told, world.now);
    }
    world.tell_followers(&mut cases)?;
    for told in &mut cases {
        told.wake_at = case::next_wake_at(&told.case, &world.context(told, world.now));
    }
    Ok(cases)
}

/// When the script's case comes in and when its steps happen.
fn cues(script: &CaseScript, now: DateTime<Utc>) -> Vec<Cue<'_>> {
    let today = shanghai_date(now);
    let day = today.checked_sub_days(Days::new(u64::from(script.days_ago))).unwrap_or(today);
    let mut at = start_of_day(day) + (script.time - NaiveTime::MIN);
    let mut cues = vec![Cue { at, script, step: None }];
    for step in &script.steps {
        at += TimeDelta::hours(i64::from(step.hours));
        cues.push(Cue { at, script, step: Some(step) });
    }
    cues
}

impl World<'_> {
    fn context(&self, told: &Told<'_>, at: DateTime<Utc>) -> Context<'_> {
        let terms = self.terms.of(told.case.station_id, told.category_id);
        terms::context(self.calendar, terms, at)
    }

    /// Takes the case in: routed by the roster and the loads of that moment.
    fn open<'a>(
        &self,
        script: &'a CaseScript,
        at: DateTime<Utc>,
        before: &[Told<'_>],
    ) -> Result<Told<'a>, DemoError> {
        let text = CaseText::parse(&script.text).map_err(|error| broken(script, &error))?;
        let entry = self.entry(script)?;
        let place = script.place.as_ref().map(|place| Point::new(place.lat, place.lng));
        let category_id =
            script.category.as_deref().map(|name| self.founded.categories.get(name)).transpose()?;
        let matter = Matter {
            code: Some(entry.target),
            chosen_station_id: None,
            chosen_member_id: entry.chosen,
            category_id,
            place: place.transpose().map_err(|error| broken(script, &error))?,
            at,
            text: text.as_str(),
            excluded: &[],
            returns: 0,
        };
        let routing = route(&matter, self.directory, &loads(before), &Rules::default())
            .map_err(|error| broken(script, &error))?;
        let new = NewCase {
            taken_in_by: Party::Resident,
            id: self.ids.next(),
            committee_id: self.founded.committee_id,
            station_id: routing.station_id,
            member_id: match routing.assignment {
                Assignment::Assigned(member_id) => Some(member_id),
                Assignment::Queue(_) => None,
            },
            resident_id: script.resident.as_deref().map(|login| self.founded.users.get(login)).transpose()?,
        };
        let category_id = category_id.or(routing.hinted_category_id);
        let terms = self.terms.of(routing.station_id, category_id);
        let context = terms::context(self.calendar, terms, at);
        let opened = case::open_case(new, &context);
        Ok(Told {
            script,
            wake_at: case::next_wake_at(&opened.case, &context),
            category_id,
            code_id: entry.code_id,
            reasons: routing.reasons,
            events: opened.events.into_iter().map(|event| (event, new.resident_id)).collect(),
            case: opened.case,
            responses: Vec::new(),
            ratings: Vec::new(),
            second_looks: Vec::new(),
        })
    }

    /// Through which code the case came.
    fn entry(&self, script: &CaseScript) -> Result<Entry, DemoError> {
        let station_id = self.founded.stations.get(&script.station)?;
        let member_id = script.member.as_deref().map(|name| self.founded.members.get(name)).transpose()?;
        let own_code = member_id.and_then(|id| Some((id, *self.founded.member_codes.get(&id)?)));
        Ok(match own_code {
            Some((id, (code_id, hangs_at))) if hangs_at == station_id => Entry {
                target: CodeTarget::Member(id, Some(station_id)),
                code_id: Some(code_id),
                chosen: None,
            },
            _ => Entry {
                target: CodeTarget::Station(station_id),
                code_id: self.founded.station_codes.get(&station_id).copied(),
                chosen: member_id,
            },
        })
    }

    /// Does one step of a script.
    fn act(
        &self,
        script: &CaseScript,
        step: &Step,
        at: DateTime<Utc>,
        cases: &mut [Told<'_>],
    ) -> Result<(), DemoError> {
        let leader = step.leader.as_deref().map(|key| find_leader(key, cases)).transpose()?;
        let told = cases.iter_mut().find(|told| told.script.key == script.key);
        let told = told.ok_or_else(|| DemoError::UnknownName(script.key.clone()))?;
        self.pass_time(told, at);
        let leading_case_id = leader.map(|leader| leader.id);
        let command = script::command(step, &told.case, at, self.founded, leading_case_id)?;
        let party = step.by.unwrap_or(script::usual_party(step.action));
        let account_id = self.founded.account_of(party, &told.case);
        let context = Context { leader, ..self.context(told, at) };
        let decision = case::decide(&told.case, &command, Standing::of(party), &context)
            .map_err(|error| broken(script, &error))?;
        self.keep_answer(told, &command, decision.case.event_seq, account_id, at);
        told.wake_at = case::next_wake_at(&decision.case, &context);
        told.take(decision, account_id);
        Ok(())
    }

    /// Lets time work on the case up to this instant, at the instants that it is woken at.
    fn pass_time(&self, told: &mut Told<'_>, until: DateTime<Utc>) {
        while let Some(at) = told.wake_at.filter(|at| *at <= until) {
            let ticked = case::tick(&told.case, &self.context(told, at));
            let idle = ticked.is_none();
            if let Some(decision) = ticked {
                told.take(decision, None);
            }
            told.wake_at = case::next_wake_at(&told.case, &self.context(told, at));
            if idle && told.wake_at.is_some_and(|next| next <= at) {
                return;
            }
        }
    }

    /// Lets the followers hear what has become of their leading cases, each at its time.
    fn tell_followers(&self, cases: &mut [Told<'_>]) -> Result<(), DemoError> {
        let histories: Vec<_> = cases.iter().map(|told| (told.case.id, numbered(&told.events))).collect();
        for told in cases {
            let leading = told.case.leading_case_id;
            let Some((_, history)) = histories.iter().find(|(id, _)| leading == Some(*id)) else { continue };
            for (seq, event) in history {
                let context = self.context(told, event.at);
                let heard = case::follow(&told.case, &[(*seq, event.clone())], &context)
                    .map_err(|error| broken(told.script, &error))?;
                if let Some(decision) = heard {
                    told.take(decision, None);
                }
            }
        }
        Ok(())
    }

    /// As real answers and ratings are kept, see `casework`.
    fn keep_answer(
        &self,
        told: &mut Told<'_>,
        command: &Command,
        event_seq: i32,
        account_id: Option<AccountId>,
        created_at: DateTime<Utc>,
    ) {
        let case_id = told.case.id;
        if let Command::Respond { text, evidence, .. } = command {
            told.responses.push(response::Model {
                id: self.ids.next(),
                case_id,
                event_seq,
                member_id: told.case.member_id,
                account_id,
                text: text.as_str().to_owned(),
                evidence: *evidence,
                template_only: false,
                created_at,
            });
        }
        if let Some((solved, stars, comment)) = answers::rating(command)
            && let Some(response) = told.responses.last()
        {
            told.ratings.push(NewRating {
                id: self.ids.next(),
                case_id,
                response_id: response.id,
                member_id: response.member_id,
                solved,
                stars,
                comment,
                created_at,
            });
        }
    }
}

/// How a case came in.
struct Entry {
    target: CodeTarget,
    code_id: Option<CodeId>,
    chosen: Option<MemberId>,
}

/// A history with its numbers.
fn numbered(events: &[(NewEvent, Option<AccountId>)]) -> Vec<(i32, NewEvent)> {
    (1..).zip(events).map(|(seq, (event, _))| (seq, event.clone())).collect()
}

/// How many cases lie on the members' desks.
fn loads(cases: &[Told<'_>]) -> Loads {
    let mut loads = Loads::default();
    for told in cases {
        if let Owner::Member(member_id) = told.case.owner() {
            loads.add(member_id);
        }
    }
    loads
}

fn find_leader(key: &str, cases: &[Told<'_>]) -> Result<Leader, DemoError> {
    let leader = cases.iter().find(|told| told.script.key == key);
    let case = &leader.ok_or_else(|| DemoError::UnknownName(key.to_owned()))?.case;
    Ok(Leader {
        id: case.id,
        committee_id: case.committee_id,
        state: case.state,
        follows: case.leading_case_id,
        heard_seq: case.event_seq,
    })
}

fn broken(script: &CaseScript, problem: &impl ToString) -> DemoError {
    DemoError::Script { key: script.key.clone(), problem: problem.to_string() }
}
