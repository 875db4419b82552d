//! Who may do what, in which state: every action, every state, every role, at the case's own station and
//! elsewhere, as the rules decide it. `matrix.txt` is what they decided last; a rule that changes changes
//! it, and somebody reads the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::WorkCalendar;
use domain::case::{
    Action, Assignee, Case, CaseError, Command, Context, EventBody, Leader, NewCase, PartRequest, Presence,
    State, decide, open_case,
};
use domain::deadline::Terms;
use domain::ids::{AccountId, CaseId, CommitteeId, DepartmentId, MemberId, StationId};
use domain::role::{Binding, CaseScope, Party, Role, Standing};
use domain::text::{AnswerText, Reason, Remark};
use domain::vocabulary::{Done, Evidence, Solved};
use uuid::Uuid;

/// What the rules decided when somebody looked last.
const KNOWN: &str = include_str!("matrix.txt");

const CASE: u128 = 1;
const STATION: u128 = 2;
const COMMITTEE: u128 = 3;
const ABOVE: u128 = 4;
const MEMBER: u128 = 5;
const DEPARTMENT: u128 = 6;
const RESIDENT: u128 = 7;
const LEADER: u128 = 8;
const SECOND_DEPARTMENT: u128 = 9;
const THIRD_DEPARTMENT: u128 = 30;
/// Whatever belongs to somebody else.
const ELSEWHERE: u128 = 99;

fn id<Id: From<Uuid>>(n: u128) -> Id {
    Id::from(Uuid::from_u128(n))
}

/// Monday 2026-03-02 09:30 in Shanghai.
fn monday() -> DateTime<Utc> {
    "2026-03-02T01:30:00Z".parse().unwrap()
}

/// The member's answer, where one waits to be signed off.
static SUBMITTED: LazyLock<EventBody> = LazyLock::new(|| EventBody {
    text: Some("已修复".to_owned()),
    evidence: Some(Evidence::Visit),
    ..EventBody::default()
});

fn context(now: DateTime<Utc>) -> Context<'static> {
    let leader = Leader {
        id: id(LEADER),
        committee_id: id(COMMITTEE),
        state: State::InProgress,
        follows: None,
        heard_seq: 1,
    };
    Context {
        calendar: WorkCalendar::shipped().unwrap(),
        terms: Terms::default(),
        now,
        members_may_dispatch: false,
        leader: Some(leader),
        leads: false,
        presence: Presence::Here,
        signs_off: false,
        submitted: Some(&SUBMITTED),
    }
}

/// Somebody of the table.
struct Column {
    name: &'static str,
    /// The account, and a role in a scope.
    account: u128,
    role: Option<(Role, u128)>,
}

const fn somebody(name: &'static str, account: u128, role: Option<(Role, u128)>) -> Column {
    Column { name, account, role }
}

/// All of them; with `~` those who have nothing to do with the case.
const COLUMNS: [Column; 12] = [
    somebody("resident", RESIDENT, None),
    somebody("member", 10, Some((Role::Member, MEMBER))),
    somebody("manager", 11, Some((Role::StationManager, STATION))),
    somebody("officer", 12, Some((Role::DepartmentOfficer, DEPARTMENT))),
    somebody("admin", 13, Some((Role::CommitteeAdmin, COMMITTEE))),
    somebody("above", 14, Some((Role::CommitteeAdmin, ABOVE))),
    somebody("resident~", 15, None),
    somebody("member~", 16, Some((Role::Member, ELSEWHERE))),
    somebody("manager~", 17, Some((Role::StationManager, ELSEWHERE))),
    somebody("officer~", 18, Some((Role::DepartmentOfficer, ELSEWHERE))),
    somebody("admin~", 19, Some((Role::CommitteeAdmin, ELSEWHERE))),
    somebody("operator", 20, Some((Role::Operator, 0))),
];

/// The case in a state, as the rules leave it there.
fn case_in(state: State) -> Case {
    let context = context(monday());
    let new = NewCase {
        id: id(CASE),
        committee_id: id(COMMITTEE),
        station_id: id(STATION),
        member_id: Some(id(MEMBER)),
        resident_id: Some(id(RESIDENT)),
        taken_in_by: Party::Resident,
    };
    let way: &[Action] = match state {
        State::Received => &[Action::Return],
        State::Assigned => &[],
        State::InProgress => &[Action::Accept],
        State::AwaitingResident => &[Action::Accept, Action::RequestInformation],
        State::Dispatched => &[Action::Accept, Action::Dispatch],
        State::Planned => &[Action::Accept, Action::Plan],
        State::Responded => &[Action::Accept, Action::Respond],
        State::Contested => &[Action::Accept, Action::Respond, Action::Contest],
        State::Closed => &[Action::Accept, Action::Respond, Action::Confirm],
        State::Rejected => &[Action::Reject],
        State::Withdrawn => &[Action::Withdraw],
        State::Merged => &[Action::Merge],
    };
    let everybody = Party::ALL.iter().fold(Standing::STRANGER, |standing, party| standing.and(*party));
    let context = Context { members_may_dispatch: true, ..context };
    way.iter().fold(open_case(new, &context).case, |case, action| {
        decide(&case, &command(*action), everybody, &context).unwrap().case
    })
}

/// The action with what it needs.
fn command(action: Action) -> Command {
    let (reason, remark) = (Reason::parse("按流程办理").unwrap(), Remark::parse("请说明").unwrap());
    let text = AnswerText::parse("已现场查看").unwrap();
    let to = Assignee { station_id: id(STATION), member_id: Some(id(MEMBER)) };
    match action {
        Action::Assign => Command::Assign { to, reason },
        Action::Accept => Command::Accept,
        Action::Return => Command::Return { reason },
        Action::Reassign => Command::Reassign { to, reason },
        Action::RequestInformation => Command::RequestInformation { question: remark },
        Action::Supplement => Command::Supplement { text: Some(text), uploads: Vec::new() },
        Action::Dispatch => {
            Command::Dispatch { department_id: id(DEPARTMENT), request: remark, due_on: None }
        }
        Action::Split => {
            let asked = |department| PartRequest {
                department_id: id(department),
                request: remark.clone(),
                due_on: None,
            };
            Command::Split { parts: vec![asked(DEPARTMENT), asked(SECOND_DEPARTMENT)] }
        }
        Action::RedirectPart => {
            let department_id = id(THIRD_DEPARTMENT);
            Command::RedirectPart { part: 1, department_id, request: None, due_on: None }
        }
        Action::TakeBackPart => Command::TakeBackPart { part: 1, reason },
        Action::Reply => Command::Reply { part: None, text, uploads: Vec::new() },
        Action::Object => Command::Object { part: None, reason },
        Action::Plan => {
            let promised_on = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
            Command::Plan { promise: remark, promised_on }
        }
        Action::Respond => Command::Respond { text, evidence: Evidence::Visit, uploads: Vec::new() },
        Action::Approve => Command::Approve { answer: 3 },
        Action::SendBack => Command::SendBack { answer: 3, reason },
        Action::Confirm => Command::Confirm { solved: Solved::Yes, stars: 5, comment: None },
        Action::Contest => Command::Contest { reason, stars: None },
        Action::Reopen => Command::Reopen { reason },
        Action::Uphold => Command::Uphold { explanation: remark },
        Action::Expire => Command::Expire,
        Action::Reject => Command::Reject { reason },
        Action::Withdraw => Command::Withdraw { reason: None },
        Action::Merge => Command::Merge { leading_case_id: id(LEADER) },
        Action::Unmerge => Command::Unmerge,
        Action::Escalate => Command::Escalate { reason },
        Action::Note => Command::Note { text: remark },
        Action::CorrectResponse => Command::CorrectResponse { text, reason },
        Action::SecondLook => Command::SecondLook { done: Done::Yes, comment: None },
    }
}

fn standing(column: &Column, case: &Case) -> Standing {
    let bindings: Vec<Binding> =
        column.role.iter().map(|(role, scope)| Binding { role: *role, scope_id: id(*scope) }).collect();
    let committees = [id::<CommitteeId>(COMMITTEE), id(ABOVE)];
    let scope = CaseScope {
        resident_id: case.resident_id,
        member_id: case.member_id,
        department_id: case.department_id,
        parts: &case.parts,
        station_id: case.station_id,
        committees: &committees,
    };
    Standing::of_account(id::<AccountId>(column.account), &bindings, scope)
}

/// What somebody gets, in a word of the table.
fn outcome(case: &Case, action: Action, standing: Standing, now: DateTime<Utc>) -> &'static str {
    let decided = decide(case, &command(action), standing, &context(now));
    if !standing.may_see() {
        assert_eq!(decided, Err(CaseError::NotAllowed { action }), "a stranger learns nothing else");
        return "·";
    }
    match decided {
        Ok(_) => "yes",
        Err(CaseError::NotAllowed { .. }) => "no",
        Err(CaseError::WrongState { .. }) => "state",
        Err(CaseError::ReturnsExhausted { .. }) => "returns",
        Err(CaseError::TooLate { .. }) => "late",
        Err(CaseError::RaisedAlready { .. }) => "highest",
        Err(CaseError::LeadsOthers) => "leads",
        Err(CaseError::BadLeader { .. } | CaseError::UnknownLeader { .. }) => "leader",
        Err(error) => panic!("{action} from {}: {error}", case.state),
    }
}

fn line(out: &mut String, name: &str, cells: impl Iterator<Item = &'static str>) {
    let mut line = format!("{name:<20}");
    for cell in cells {
        write!(line, "{cell:>10}").unwrap();
    }
    writeln!(out, "{}", line.trim_end()).unwrap();
}

/// One block an action, one row a state, one column a caller.
fn block(out: &mut String, title: &str, action: Action, cases: &[Case], now: DateTime<Utc>) {
    writeln!(out, "\n{title}").unwrap();
    for case in cases {
        let system = std::iter::once(Standing::of(Party::System));
        let standings = system.chain(COLUMNS.iter().map(|column| standing(column, case)));
        let cells = standings.map(|standing| outcome(case, action, standing, now));
        line(out, &format!("  {}", case.state), cells);
    }
}

fn matrix() -> String {
    let mut out = String::from(
        "# Who may do what, in which state, as the rules decide it; written by domain/tests/matrix.rs.\n\
         #\n\
         #   yes      it is done\n\
         #   no       known to the caller, but not for him (403 not_allowed)\n\
         #   state    his to do, but not from this state (409 wrong_state)\n\
         #   late     the time for it is over (409 too_late)\n\
         #   returns  returned twice: only the manager decides (409 returns_exhausted)\n\
         #   highest  raised as high as it goes (409 raised_already)
         #   leads    others follow it (409 leads_others)\n\
         #   leader   the leading case is closed (409 bad_leader)\n\
         #   ·        the case does not exist for the caller (404)\n\
         #\n\
         # With ~ somebody of another station, department or committee, or another resident. `above` is an\n\
         # admin of the committee above. An officer knows the case while it, or a part of it,\n\
         # is dispatched to his department.\n\
         # The station's members may not dispatch; every case is in its first hour.\n\n",
    );
    let names = std::iter::once("system").chain(COLUMNS.iter().map(|column| column.name));
    line(&mut out, "", names);
    let cases: Vec<Case> = State::ALL.iter().map(|state| case_in(*state)).collect();
    for action in Action::ALL {
        block(&mut out, action.as_str(), *action, &cases, monday());
    }
    out.push_str("\n# What else decides\n");
    special_blocks(&mut out);
    out
}

/// Where more than state and role decides.
fn special_blocks(out: &mut String) {
    let weeks_later = monday() + TimeDelta::days(60);
    let late = |states: &[State]| states.iter().map(|state| case_in(*state)).collect::<Vec<_>>();
    block(
        out,
        "escalate, overdue",
        Action::Escalate,
        &late(&[State::Assigned, State::InProgress]),
        weeks_later,
    );
    let raised = Case { escalation_level: 3, ..case_in(State::InProgress) };
    block(out, "escalate, raised three times before", Action::Escalate, &[raised], weeks_later);
    block(out, "confirm, after 14 days", Action::Confirm, &late(&[State::Responded]), weeks_later);
    block(out, "contest, after 14 days", Action::Contest, &late(&[State::Responded]), weeks_later);
    block(out, "expire, after 14 days", Action::Expire, &late(&[State::Responded]), weeks_later);
    block(out, "object, after 2 working days", Action::Object, &late(&[State::Dispatched]), weeks_later);
    let everybody = Party::ALL.iter().fold(Standing::STRANGER, |standing, party| standing.and(*party));
    let context = Context { members_may_dispatch: true, ..context(monday()) };
    let split =
        decide(&case_in(State::InProgress), &command(Action::Split), everybody, &context).unwrap().case;
    for action in [Action::RedirectPart, Action::TakeBackPart, Action::Reply, Action::Object] {
        block(
            out,
            &format!("{action}, a part of a split case"),
            action,
            std::slice::from_ref(&split),
            monday(),
        );
    }
    block(out, "object, a part after 2 working days", Action::Object, &[split], weeks_later);
    let submitted = Case { submitted_seq: Some(3), ..case_in(State::InProgress) };
    block(out, "approve, an answer waits", Action::Approve, std::slice::from_ref(&submitted), monday());
    block(out, "send_back, an answer waits", Action::SendBack, &[submitted], monday());
    let returned = Case { returns: 2, ..case_in(State::Assigned) };
    block(out, "return, returned twice before", Action::Return, &[returned], monday());
    let asked = Case { second_look_by: Some(monday() + TimeDelta::days(14)), ..case_in(State::Closed) };
    block(out, "second_look, asked", Action::SecondLook, &[asked], monday());
    let waited = Case { waited_total: TimeDelta::days(5), ..case_in(State::InProgress) };
    block(out, "request_information, five days waited", Action::RequestInformation, &[waited], monday());
}

#[test]
fn everybody_may_do_in_every_state_what_the_matrix_says() {
    let seen = matrix();
    if seen == KNOWN {
        return;
    }
    let written = concat!(env!("CARGO_TARGET_TMPDIR"), "/matrix.txt");
    std::fs::write(written, &seen).unwrap();
    let first = seen.lines().zip(KNOWN.lines()).find(|(seen, known)| seen != known);
    panic!(
        "the rules decide otherwise, first {first:?}\n\nlook: diff domain/tests/matrix.txt {written}\n\
         if that is meant: cp {written} domain/tests/matrix.txt"
    );
}

#[test]
fn the_cases_of_the_matrix_are_what_the_rules_make_of_them() {
    for state in State::ALL {
        let case = case_in(*state);
        assert_eq!(case.state, *state);
        assert_eq!(case.outcome.is_some(), *state == State::Closed);
        let (member, station): (Option<MemberId>, StationId) = (case.member_id, case.station_id);
        assert_eq!((member.is_none(), station), (*state == State::Received, id(STATION)));
        assert_eq!(case.leading_case_id, (*state == State::Merged).then(|| id::<CaseId>(LEADER)));
        assert_eq!(case.department_id, (*state == State::Dispatched).then(|| id::<DepartmentId>(DEPARTMENT)));
    }
}
