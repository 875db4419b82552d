//! `/cgi-bin/wxopen/qrcodejump*`: the rules by which ordinary links open the mini-program. A rule is taken only
//! if its folder holds the file that proves whose it is; whether it does, the dispatcher has looked up before.

use serde_json::{Value, json};
use url::Url;

use super::{Call, Endpoint, Verb};
use crate::scan::{ClaimsBelow, ScanRule, Version};
use crate::state::World;
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal, ok};

pub(crate) const ADD_PATH: &str = "/cgi-bin/wxopen/qrcodejumpadd";
const MOST_RULES: usize = 100;
const MOST_TEST_LINKS: usize = 5;
/// The pages of the documentation disagree, this is the lower one.
const PUBLISHES_A_MONTH: u32 = 100;
const ILLEGAL_PREFIX: i64 = 85066;

const fn endpoint(path: &'static str, run: fn(&mut World, &Call<'_>) -> Outcome) -> Endpoint {
    let quota = Quota { per_minute: Some(300), per_day: None };
    Endpoint { verb: Verb::Post, path, dialect: Dialect::Api, takes_token: true, quota, run }
}

pub(super) const DOWNLOAD: Endpoint = endpoint("/cgi-bin/wxopen/qrcodejumpdownload", download);
pub(super) const ADD: Endpoint = endpoint(ADD_PATH, add);
pub(super) const GET: Endpoint = endpoint("/cgi-bin/wxopen/qrcodejumpget", get);
pub(super) const PUBLISH: Endpoint = endpoint("/cgi-bin/wxopen/qrcodejumppublish", publish);
pub(super) const DELETE: Endpoint = endpoint("/cgi-bin/wxopen/qrcodejumpdelete", delete);

fn download(world: &mut World, _: &Call<'_>) -> Outcome {
    let (file_name, file_content) = world.proof_file();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "file_name": file_name, "file_content": file_content }))
}

/// Where the file lies that proves whose a link is: in the last folder that the link names.
pub(crate) fn proof_address(prefix: &str, file_name: &str) -> Option<Url> {
    read_prefix(prefix).ok()?.join(file_name).ok()
}

fn read_prefix(text: &str) -> Result<Url, Refusal> {
    let url: Url = text.parse().map_err(|_| Refusal::new(ILLEGAL_PREFIX))?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none();
    if plain { Ok(url) } else { Err(Refusal::new(ILLEGAL_PREFIX)) }
}

fn prefix(call: &Call<'_>) -> Result<Url, Refusal> {
    read_prefix(call.text("prefix")?.ok_or(Refusal::new(ILLEGAL_PREFIX))?)
}

fn add(world: &mut World, call: &Call<'_>) -> Outcome {
    let prefix = prefix(call)?;
    let claims = match call.number("permit_sub_rule")? {
        Some(1) => ClaimsBelow::No,
        Some(2) => ClaimsBelow::Yes,
        _ => return Err(Refusal::new(47001)),
    };
    let version = match call.number("open_version")? {
        Some(1) => Version::Develop,
        Some(2) => Version::Trial,
        Some(3) => Version::Release,
        _ => return Err(Refusal::new(47001)),
    };
    let is_edit = match call.number("is_edit")? {
        Some(0) => false,
        Some(1) => true,
        _ => return Err(Refusal::new(47001)),
    };
    let path = call.text("path")?.ok_or(Refusal::new(47001))?.to_owned();
    let rule = ScanRule { claims, version, test_links: test_links(call)?, published: false, path, prefix };
    if rule.test_links.iter().any(|link| !rule.matches(link)) {
        return Err(Refusal::new(85068));
    }
    let known = world.scan_rules.iter().find(|known| known.prefix == rule.prefix);
    match (known, is_edit) {
        (Some(_), false) => return Err(Refusal::new(85071)),
        // What is published can't be edited, and what is not there neither.
        (Some(known), true) if known.published => return Err(Refusal::new(85095)),
        (None, true) => return Err(Refusal::new(ILLEGAL_PREFIX)),
        (None, false) if world.scan_rules.len() >= MOST_RULES => return Err(Refusal::new(85073)),
        (Some(_), true) | (None, false) => {}
    }
    if !call.is_proven {
        return Err(Refusal::new(85069));
    }
    world.scan_rules.retain(|known| known.prefix != rule.prefix);
    world.scan_rules.push(rule);
    Ok(ok())
}

fn test_links(call: &Call<'_>) -> Result<Vec<Url>, Refusal> {
    let links = match call.value("debug_url") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(links)) if links.len() <= MOST_TEST_LINKS => links,
        Some(_) => return Err(Refusal::new(47001)),
    };
    let read = |link: &Value| read_prefix(link.as_str().unwrap_or_default()).map_err(|_| Refusal::new(85068));
    links.iter().map(read).collect()
}

fn get(world: &mut World, call: &Call<'_>) -> Outcome {
    let rules: Vec<Value> = world.scan_rules.iter().map(row).collect();
    let month = call.now.format("%Y-%m").to_string();
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "qrcodejump_open": 1,
        "qrcodejump_pub_quota": PUBLISHES_A_MONTH - world.links.published_in(&month),
        "list_size": rules.len(),
        "total_count": rules.len(),
        "rule_list": rules,
    }))
}

fn row(rule: &ScanRule) -> Value {
    json!({
        "prefix": rule.prefix,
        "permit_sub_rule": if rule.claims == ClaimsBelow::Yes { 2 } else { 1 },
        "path": rule.path,
        "open_version": match rule.version {
            Version::Develop => 1,
            Version::Trial => 2,
            Version::Release => 3,
        },
        "debug_url": rule.test_links,
        "state": if rule.published { 2 } else { 1 },
    })
}

fn publish(world: &mut World, call: &Call<'_>) -> Outcome {
    let prefix = prefix(call)?;
    if !world.settings.published {
        return Err(Refusal::new(85074));
    }
    let month = call.now.format("%Y-%m").to_string();
    let rule = world.scan_rules.iter_mut().find(|rule| rule.prefix == prefix);
    let rule = rule.ok_or(Refusal::new(ILLEGAL_PREFIX))?;
    if world.links.published_in(&month) >= PUBLISHES_A_MONTH {
        return Err(Refusal::new(886_000));
    }
    world.links.publish_in(month);
    rule.published = true;
    Ok(ok())
}

fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    let prefix = prefix(call)?;
    let before = world.scan_rules.len();
    world.scan_rules.retain(|rule| rule.prefix != prefix);
    if world.scan_rules.len() == before { Err(Refusal::new(ILLEGAL_PREFIX)) } else { Ok(ok()) }
}
