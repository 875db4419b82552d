//! The program on the command line, where it needs no server. Cargo builds it for these tests, and the
//! stories run what was built.

#![expect(clippy::unwrap_used, reason = "a test ends there")]

use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_api")).args(arguments).env_clear().output().unwrap()
}

#[test]
fn without_a_configuration_it_says_all_that_is_missing_at_once() {
    let refused = run(&["check-config"]);
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    for key in ["server.public_url", "database.url", "auth.keys", "secrets.code_keys", "secrets.data_keys"] {
        assert!(said.contains(key), "{key} is not named in: {said}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let refused = run(&["serve", "--config", "nowhere.toml"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("nowhere.toml is not a file"));
}

#[test]
fn the_description_of_the_api_needs_no_configuration() {
    let printed = run(&["openapi"]);
    assert!(printed.status.success());
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}
