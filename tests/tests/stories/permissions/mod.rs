//! Who may do what: every operation that the service lists, tried by everybody, own and foreign,
//! against the table in `table.txt`. An operation that is missing there fails the story.

mod administration;
mod calls;
mod cases;
mod people;
mod reception;

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;
use tests::{Answer, Setup, story};

use cases::{ACTIONS, STATES};
use people::{COLUMNS, World};

/// One row an operation, one column a caller.
const TABLE: &str = include_str!("table.txt");

/// The rows of the table: the words before the first column, without `#` remarks.
fn rows() -> Vec<&'static str> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.skip(1).map(row_name).collect()
}

/// A name may hold one blank: `list_cases view=mine`.
fn row_name(line: &str) -> &str {
    line.split("  ").next().unwrap_or_default()
}

/// What a caller got, as it stands in the table.
fn outcome(answer: &Answer) -> String {
    match answer.status() {
        200..=299 => "ok".to_owned(),
        401 => refusal(answer, 401, &["unauthenticated"]),
        403 => refusal(answer, 403, &["not_allowed"]),
        404 => refusal(answer, 404, &["not_found", "code_not_found"]),
        other => format!("{other}!"),
    }
}

fn refusal(answer: &Answer, status: u16, codes: &[&str]) -> String {
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    if codes.contains(&code.as_str()) { status.to_string() } else { format!("{status}:{code}") }
}

fn line(name: &str, cells: &[String]) -> String {
    let mut line = format!("{name:<26}");
    for cell in cells {
        // Writing into a string does not fail.
        let _ = write!(line, "{cell:>10}");
    }
    line.trim_end().to_owned()
}

story! {
    async fn everybody_may_do_what_the_table_says_and_nothing_else(app: &App) with { |setup| setup.unlimited().templates() } {
        let mut world = World::made_in(app).await;
        let listed: BTreeSet<String> = app.operations().await.into_iter().map(|it| it.id).collect();
        let rows = rows();
        let operation = |row: &str| row.split(' ').next().unwrap_or_default().to_owned();
        let in_table: BTreeSet<String> = rows.iter().map(|row| operation(row)).collect();
        assert_eq!(in_table, listed, "the rows of table.txt are the operations of the service");

        let header: Vec<String> = COLUMNS.iter().map(|column| column.name.to_owned()).collect();
        let mut seen = vec![line("operation", &header)];
        for row in rows {
            let mut cells = Vec::new();
            for column in COLUMNS {
                cells.push(outcome(&world.attempt(row, column).await));
            }
            seen.push(line(row, &cells));
        }

        let wanted: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
        let differ: Vec<String> = seen.iter().zip(&wanted).filter(|(seen, wanted)| seen != *wanted)
            .map(|(seen, wanted)| format!("table {wanted}\n seen {seen}")).collect();
        assert!(differ.is_empty() && seen.len() == wanted.len(), "{}\n\nall:\n{}", differ.join("\n"), seen.join("\n"));
        app.run_jobs().await;
    }
}

/// The members of a problem that say nothing of a case.
const PLAIN: [&str; 7] = ["type", "title", "status", "detail", "instance", "code", "errors"];

story! {
    async fn a_stranger_learns_nothing_from_any_action_in_any_state(app: &App) with { Setup::unlimited } {
        let mut world = World::made_in(app).await;
        for state in STATES {
            let case = world.case_in(state).await;
            let missing = serde_json::json!({ "id": "00000000-0000-7000-8000-00000000dead" });
            for column in COLUMNS.iter().filter(|column| column.is_stranger) {
                for action in ACTIONS {
                    let real = world.act_on(&case, action, column, true).await;
                    let none = world.act_on(&missing, action, column, true).await;
                    let seen = format!("{action} on {state} by {}", column.name);
                    assert_eq!((real.status(), none.status()), (404, 404), "{seen}: {:?}", real.json());
                    assert_eq!(without_id(&real), without_id(&none), "{seen}");
                }
            }
            assert_eq!(world.state_of(&case).await, state);
        }
        app.run_jobs().await;
    }
}

fn without_id(answer: &Answer) -> Value {
    let mut body = answer.expect_problem(404, "not_found");
    let members = body.as_object_mut().unwrap();
    assert!(members.keys().all(|key| PLAIN.contains(&key.as_str())), "{members:?}");
    members.remove("instance");
    body
}

story! {
    async fn who_may_see_but_not_act_is_refused_alike_in_every_state(app: &App) with { Setup::unlimited } {
        let mut world = World::made_in(app).await;
        for state in STATES {
            let case = world.case_in(state).await;
            for (column, actions) in [
                ("resident", ["accept", "respond", "reassign", "note", "reject", "reopen", "uphold"].as_slice()),
                ("ticket", ["accept", "dispatch", "assign", "plan", "note", "request-information"].as_slice()),
                ("manager", ["accept", "plan", "confirm", "contest", "withdraw", "supplement", "reply"].as_slice()),
                ("admin", ["return", "reply", "object", "confirm"].as_slice()),
            ] {
                let column = COLUMNS.iter().find(|known| known.name == column).unwrap();
                for action in actions {
                    let refused = world.act_on(&case, action, column, false).await;
                    refused.expect_problem(403, "not_allowed");
                }
            }
            assert_eq!(world.state_of(&case).await, state);
        }
        app.run_jobs().await;
    }
}
