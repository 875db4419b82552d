//! The pages of the reference that are drawn from the code: errors, states and actions, settings.
//!
//! `scripts/generate` writes them into `docs/`. They are made of what the service itself goes by,
//! so that they can't say anything else.

use std::fmt::{self, Write as _};

use domain::case::{Action, RULES, Rule, State, Target};
use domain::role::Party;

use crate::config::{DEFAULTS, ENV_PREFIX};
use crate::error::ErrorCode;
use crate::routes::openapi::openapi;

/// One page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Page {
    /// The catalogue of errors.
    Errors,
    /// The states of a case, and the actions on it.
    States,
    /// Every setting with its default.
    Configuration,
}

/// The page as Markdown.
///
/// # Errors
/// None that a text in memory knows.
pub fn render(page: Page) -> Result<String, fmt::Error> {
    let mut text = String::new();
    match page {
        Page::Errors => write_errors(&mut text)?,
        Page::States => write_states(&mut text)?,
        Page::Configuration => write_configuration(&mut text)?,
    }
    Ok(text)
}

const NOTICE: &str = "<!-- Written by scripts/generate; change the code, not this page. -->";

fn write_errors(out: &mut String) -> fmt::Result {
    writeln!(out, "# Errors\n\n{NOTICE}\n")?;
    writeln!(
        out,
        "Every failure is a problem (RFC 9457) with one of these codes. A code is never renamed or used for \
         something else; the sentence is fit to show to a resident, and may be replaced by a more exact \
         one.\n[API.md](API.md#errors) shows what a problem looks like.\n"
    )?;
    writeln!(out, "| code | status | sentence | meaning |\n| --- | --- | --- | --- |")?;
    for code in ErrorCode::ALL {
        let status = code.status().as_u16();
        writeln!(out, "| `{}` | {status} | {} | {} |", code.as_str(), code.sentence(), cell(code.meaning()))?;
    }
    Ok(())
}

fn write_states(out: &mut String) -> fmt::Result {
    writeln!(out, "# States and actions of a case\n\n{NOTICE}\n")?;
    writeln!(
        out,
        "Drawn from the one table of transitions, `domain::case::RULES`. `GET /cases/{{id}}` names the \
         actions that its caller may do now, as `allowed_actions`.\n\n## States\n"
    )?;
    writeln!(out, "| state | Chinese | open | answer clock |\n| --- | --- | --- | --- |")?;
    for state in State::ALL {
        let open = if state.is_open() { "yes" } else { "no" };
        let clock = match (state.is_open(), state.clock_runs()) {
            (false, _) => "ended",
            (true, true) => "runs",
            (true, false) => "stands still",
        };
        writeln!(out, "| `{state}` | {} | {open} | {clock} |", state.label())?;
    }
    writeln!(out, "\n## Actions\n")?;
    writeln!(
        out,
        "`system` is the service itself. `needs` is what the caller has to bring, in words; the bodies \
         stand in [openapi.json](openapi.json). An action without a call is not offered over HTTP.\n"
    )?;
    writeln!(
        out,
        "| action | Chinese | from | to | who | needs | call |\n| --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for rule in RULES {
        let (action, label) = (rule.action, rule.action.label());
        let (from, to, call) = (from(rule), target(rule.to), call(action));
        writeln!(
            out,
            "| `{action}` | {label} | {from} | {to} | {} | {} | {call} |",
            who(rule.who),
            cell(rule.needs)
        )?;
    }
    writeln!(out, "\n## Parties\n\nWhat a caller is to one case.\n")?;
    writeln!(out, "| party | Chinese | sees what is meant for staff |\n| --- | --- | --- |")?;
    for party in Party::ALL {
        let staff = if party.is_staff() { "yes" } else { "no" };
        writeln!(out, "| `{party}` | {} | {staff} |", party.label())?;
    }
    Ok(())
}

/// The states that an action starts from; well-known sets have a name.
fn from(rule: &Rule) -> String {
    let is =
        |fits: fn(State) -> bool| State::ALL.iter().all(|state| rule.from.contains(state) == fits(*state));
    if is(|_| true) {
        "every state".to_owned()
    } else if is(State::is_open) {
        "every open state".to_owned()
    } else if is(State::is_before_response) {
        "every open state before `responded`".to_owned()
    } else {
        listed(rule.from)
    }
}

fn target(target: Target) -> String {
    match target {
        Target::To(state) => format!("`{state}`"),
        Target::ToWithLastPart(state) => format!("`{state}`; a split case with its last part"),
        Target::ToItsMember(state) => {
            format!("`{state}`; `{}` if its member is not there", State::Received)
        }
        Target::ToUnlessSignedOff(state) => {
            format!("`{state}`; the same where the manager signs answers off")
        }
        Target::Same => "the same".to_owned(),
        Target::SameOrResume => {
            format!("the same; from `{}`: `{}`", State::AwaitingResident, State::InProgress)
        }
        Target::BeforeMerge => format!("the state before `{}`", State::Merged),
    }
}

fn who(parties: &[Party]) -> String {
    listed(parties)
}

fn listed(words: &[impl fmt::Display]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The call that does it, where there is one.
fn call(action: Action) -> String {
    let path = format!("/cases/{{id}}/{}", action.as_str().replace('_', "-"));
    let offered = openapi().paths.paths.contains_key(&format!("/api/v1{path}"));
    if offered { format!("`POST {path}`") } else { String::new() }
}

/// One setting of `defaults.toml`.
struct Setting<'a> {
    section: &'a str,
    key: &'a str,
    default: &'a str,
}

fn write_configuration(out: &mut String) -> fmt::Result {
    writeln!(out, "# Configuration\n\n{NOTICE}\n")?;
    let (mut section, mut comment, mut table, mut used) = ("", String::new(), false, false);
    for line in DEFAULTS.lines() {
        if let Some(words) = line.strip_prefix('#') {
            if std::mem::take(&mut used) {
                comment.clear();
            }
            comment += words;
        } else if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
            table = false;
            writeln!(out, "## {section}\n")?;
        } else if let Some((key, default)) = line.split_once(" = ") {
            if !std::mem::replace(&mut table, true) {
                writeln!(out, "| key | default | meaning | environment |\n| --- | --- | --- | --- |")?;
            }
            used = true;
            write_setting(out, &Setting { section, key, default }, comment.trim())?;
        } else {
            // A comment of no key is about the section, or, before all, about the file.
            if !std::mem::take(&mut used) {
                writeln!(out, "{}", comment.trim())?;
            }
            comment.clear();
            writeln!(out)?;
        }
    }
    Ok(())
}

fn write_setting(out: &mut String, setting: &Setting<'_>, meaning: &str) -> fmt::Result {
    let Setting { section, key, default } = setting;
    let variable = format!("{ENV_PREFIX}{}__{key}", section.replace('.', "__")).to_uppercase();
    writeln!(out, "| `{section}.{key}` | `{default}` | {} | `{variable}` |", cell(meaning))
}

/// Words that fit into a cell of a table.
fn cell(words: &str) -> String {
    words.replace('|', "\\|").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The row that begins with this cell.
    fn row(page: Page, first: &str) -> String {
        let text = render(page).unwrap();
        let row = text.lines().find(|line| line.starts_with(&format!("| `{first}` |")));
        row.unwrap_or_else(|| panic!("no row of {first} in {page:?}")).to_owned()
    }

    #[test]
    fn every_error_has_its_row() {
        for code in ErrorCode::ALL {
            assert!(row(Page::Errors, code.as_str()).contains(code.sentence()));
        }
        assert_eq!(
            row(Page::Errors, "too_late"),
            "| `too_late` | 409 | 已超过操作期限。 | The time in which this could be done is over. |"
        );
    }

    #[test]
    fn every_state_and_every_action_has_its_row() {
        for state in State::ALL {
            assert!(row(Page::States, state.as_str()).contains(state.label()));
        }
        for action in Action::ALL {
            assert!(row(Page::States, action.as_str()).contains(action.label()));
        }
        assert_eq!(
            row(Page::States, "supplement"),
            "| `supplement` | 补充材料 | every open state | the same; from `awaiting_resident`: `in_progress` \
             | `resident` | text or uploads | `POST /cases/{id}/supplement` |"
        );
    }

    #[test]
    fn an_action_of_the_service_itself_has_no_call() {
        assert!(row(Page::States, "expire").ends_with("|  |"));
        assert!(
            row(Page::States, "request_information").ends_with("| `POST /cases/{id}/request-information` |")
        );
    }

    #[test]
    fn keys_that_stand_together_share_their_sentence() {
        let host = row(Page::Configuration, "server.host");
        let port = row(Page::Configuration, "server.port");
        assert!(
            host.contains("| `\"127.0.0.1\"` | Address and port to listen on; port 0 takes a free one. |")
        );
        assert!(port.ends_with("port 0 takes a free one. | `MASHANGJIAN__SERVER__PORT` |"), "{port}");
    }

    #[test]
    fn every_setting_has_its_row_and_its_words() {
        let settings = DEFAULTS.lines().filter(|line| !line.starts_with('#') && line.contains(" = "));
        let text = render(Page::Configuration).unwrap();
        let rows: Vec<&str> = text.lines().filter(|line| line.contains("MASHANGJIAN__")).collect();
        assert_eq!(rows.iter().filter(|line| line.starts_with("| `")).count(), settings.count());
        assert!(rows.iter().all(|row| !row.contains("|  |")), "{text}");
        assert!(text.contains("## limits\n\nEach limit: `burst` at once, then one more every `every_ms`.\n"));
    }
}
