//! Links that open the mini-program from outside: `generate_urllink`, `generatescheme`, `genwxashortlink`,
//! and the two that tell what a link opens.

use serde_json::{Map, Value, json};

use super::{Call, Endpoint, Verb, pages};
use crate::state::World;
use crate::state::links::{self, Link};
use crate::state::quotas::Quota;
use crate::wire::{Dialect, Outcome, Refusal};

/// Links and schemes that may be made in a day, together.
const A_DAY: u32 = 500_000;
/// The longest query, and the longest page of a short link, in characters.
const MOST_TEXT: usize = 1024;
/// Short links without an end.
const MOST_PERMANENT: u32 = 100_000;

const fn endpoint(
    path: &'static str,
    per_day: Option<u32>,
    run: fn(&mut World, &Call<'_>) -> Outcome,
) -> Endpoint {
    let quota = Quota { per_minute: None, per_day };
    Endpoint { verb: Verb::Post, path, dialect: Dialect::Api, takes_token: true, quota, run }
}

pub(super) const URL_LINK: Endpoint = endpoint("/wxa/generate_urllink", None, make_url_link);
pub(super) const SCHEME: Endpoint = endpoint("/wxa/generatescheme", None, make_scheme);
pub(super) const QUERY_URL_LINK: Endpoint = endpoint("/wxa/query_urllink", None, query_url_link);
pub(super) const QUERY_SCHEME: Endpoint = endpoint("/wxa/queryscheme", None, query_scheme);
pub(super) const SHORT_LINK: Endpoint = endpoint("/wxa/genwxashortlink", Some(10_000_000), make_short_link);

fn make_url_link(world: &mut World, call: &Call<'_>) -> Outcome {
    let link = make(world, call, call.members())?;
    let text = format!("https://wxaurl.cn/{}", world.random.ticket());
    world.links.make(text.clone(), link)?;
    Ok(json!({ "errcode": 0, "errmsg": "ok", "url_link": text }))
}

fn make_scheme(world: &mut World, call: &Call<'_>) -> Outcome {
    let nothing = Map::new();
    let page = match call.value("jump_wxa") {
        None | Some(Value::Null) => &nothing,
        Some(Value::Object(page)) => page,
        Some(_) => return Err(Refusal::new(47001)),
    };
    let link = make(world, call, page)?;
    let text = format!("weixin://dl/business/?t={}", world.random.ticket());
    world.links.make(text.clone(), link)?;
    Ok(json!({ "errcode": 0, "errmsg": "ok", "openlink": text }))
}

/// Checks what both kinds share: page, query and version of `page`, the end of the call itself.
fn make(world: &mut World, call: &Call<'_>, page: &Map<String, Value>) -> Result<Link, Refusal> {
    let text = |name: &str| match page.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(Refusal::new(47001)),
    };
    let path = text("path")?.unwrap_or_default();
    if !pages::is_published(path, &world.settings) {
        return Err(Refusal::new(40165));
    }
    let query = text("query")?.unwrap_or_default();
    if query.chars().count() > MOST_TEXT || !pages::is_carried(query, true) {
        return Err(Refusal::new(40212));
    }
    let version = pages::version(text("env_version")?, Refusal::new(85402))?;
    let number = |name: &str| call.value(name).and_then(Value::as_i64);
    let kind = call.value("expire_type").and_then(Value::as_u64);
    let expires_at = links::end(kind, number("expire_time"), number("expire_interval"), call.now)?;
    // Both kinds count together.
    let quota = Quota { per_minute: None, per_day: Some(A_DAY) };
    world.quotas.admit("links and schemes", quota, call.now).map_err(|_| Refusal::new(44993))?;
    Ok(Link {
        path: path.to_owned(),
        query: query.to_owned(),
        version: version.to_owned(),
        created_at: call.now,
        expires_at,
    })
}

fn query_url_link(world: &mut World, call: &Call<'_>) -> Outcome {
    query(world, call, "url_link", "url_link_info")
}

fn query_scheme(world: &mut World, call: &Call<'_>) -> Outcome {
    query(world, call, "scheme", "scheme_info")
}

fn query(world: &World, call: &Call<'_>, member: &str, named: &str) -> Outcome {
    let text = call.text(member)?.ok_or(Refusal::new(40097))?;
    let link = world.links.find(text)?;
    match call.value("query_type").map_or(Some(0), Value::as_u64) {
        Some(0) => Ok(json!({
            "errcode": 0,
            "errmsg": "ok",
            named: {
                "appid": world.app.appid,
                "path": link.path,
                "query": link.query,
                "create_time": link.created_at.timestamp(),
                "expire_time": link.expires_at.timestamp(),
                "env_version": link.version,
            },
        })),
        Some(1) => Ok(json!({
            "errcode": 0,
            "errmsg": "ok",
            "quota_info": { "remain_visit_quota": world.links.visits_left() },
        })),
        _ => Err(Refusal::new(40097)),
    }
}

fn make_short_link(world: &mut World, call: &Call<'_>) -> Outcome {
    if !world.settings.short_links_allowed {
        return Err(Refusal::saying(43104, "this appid does not have permission"));
    }
    let page_url = call.text("page_url")?.unwrap_or_default();
    if page_url.is_empty() || page_url.chars().count() > MOST_TEXT {
        return Err(Refusal::new(40066));
    }
    let page = page_url.split('?').next().unwrap_or_default();
    if !pages::is_published(page, &world.settings) {
        return Err(Refusal::new(40225));
    }
    if call.switch("is_permanent")? {
        if world.links.permanent >= MOST_PERMANENT {
            return Err(Refusal::new(85400));
        }
        world.links.permanent += 1;
    }
    let title: String = call.text("page_title")?.unwrap_or("页面").chars().take(20).collect();
    let ticket = world.random.ticket();
    Ok(json!({ "errcode": 0, "errmsg": "ok", "link": format!("#小程序://模拟小程序/{title}/{ticket}") }))
}
