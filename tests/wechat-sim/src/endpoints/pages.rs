//! What the APIs of codes and links check alike: pages, versions, sides. Knows no API's own numbers: the
//! caller says which refusal it is.

use serde_json::Value;

use super::Call;
use crate::state::settings::Settings;
use crate::wire::Refusal;

/// The sides that codes have, in pixels, and the usual one.
const SIDES: std::ops::RangeInclusive<u64> = 280..=1280;
const USUAL_SIDE: u64 = 430;

/// Whether the published mini-program has this page; an empty one is its home page.
pub(super) fn is_published(page: &str, settings: &Settings) -> bool {
    let known = settings.pages.as_ref().is_none_or(|pages| pages.iter().any(|known| known == page));
    settings.published && (page.is_empty() || (is_path(page) && known))
}

/// Whether it is written as the path of a page: without a leading slash, without a query.
pub(super) fn is_path(page: &str) -> bool {
    !page.starts_with('/') && !page.contains(['?', '#', ' '])
}

/// Whether all characters are of those that codes and links carry.
pub(super) fn is_carried(text: &str, percent: bool) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&'()*+,/:;=?@-._~".contains(&byte);
    text.bytes().all(|byte| fits(byte) || (percent && byte == b'%'))
}

/// The version that opens: `release` unless another is named.
pub(super) fn version(named: Option<&str>, otherwise: Refusal) -> Result<&str, Refusal> {
    match named.unwrap_or("release") {
        version @ ("release" | "trial" | "develop") => Ok(version),
        _ => Err(otherwise),
    }
}

/// The side that is asked for, by the member `width`.
pub(super) fn side(call: &Call<'_>) -> Result<u64, Refusal> {
    match call.value("width") {
        None | Some(Value::Null) => Ok(USUAL_SIDE),
        Some(Value::Number(width)) => {
            width.as_u64().filter(|width| SIDES.contains(width)).ok_or(Refusal::new(40097))
        }
        Some(_) => Err(Refusal::new(47001)),
    }
}
