//! `api codes verify`: whether the codes in a photo are ours. A genuine token behind somebody else's address is not:
//! whoever scans it would land there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use domain::vocabulary::CodeState;
use image::GrayImage;
use qr::{Token, TokenKeys};

use crate::config::Config;
use crate::state::AppState;
use crate::store::codes::{self, ScannedCode};

/// Longest sides at which a photo is looked at, when nothing is found in it as it is: a code that fills it is found
/// in a smaller one.
const SIDES: [u32; 2] = [1600, 800];

/// What a code in a photo is, by its text alone.
enum Found {
    /// Ours.
    Genuine(Token),
    /// The token is ours, the address is not.
    Elsewhere,
    /// Made up, mistyped, or of somebody else.
    Foreign,
}

/// Checks signatures and addresses alone.
pub(super) fn signatures(
    config: &Config,
    files: &[PathBuf],
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let keys = config.secrets.token_keys().context("secrets.code_keys")?;
    let mut good = true;
    for file in files {
        for (text, found) in look(file, &keys, config.server.public_base(), out, &mut good)? {
            match found {
                Found::Genuine(token) => {
                    writeln!(out, "{}：{token}，本系统签发（未查询是否停用）", file.display())?;
                }
                other => good &= tell(file, &text, &other, out)?,
            }
        }
    }
    Ok(exit(good))
}

/// Checks them, and says where they hang.
pub(super) async fn codes(
    state: &AppState,
    files: &[PathBuf],
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let mut good = true;
    for file in files {
        for (text, found) in look(file, &state.code_keys, state.config.server.public_base(), out, &mut good)?
        {
            let Found::Genuine(token) = found else {
                good &= tell(file, &text, &found, out)?;
                continue;
            };
            let row = codes::find_scanned(state.db.reader(), token.as_ref()).await?;
            good &= row.as_ref().is_some_and(|row| row.state == CodeState::Live);
            writeln!(out, "{}：{token}，{}", file.display(), describe(row.as_ref()))?;
        }
    }
    Ok(exit(good))
}

fn exit(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The codes in a photo; that there are none is said.
fn look(
    file: &Path,
    keys: &TokenKeys,
    base: &str,
    out: &mut impl Write,
    good: &mut bool,
) -> anyhow::Result<Vec<(String, Found)>> {
    let picture = image::open(file).with_context(|| format!("无法读取图片 {}", file.display()))?.into_luma8();
    let texts = read(&picture);
    if texts.is_empty() {
        *good = false;
        writeln!(out, "{}：没有找到二维码，请靠近一些、正对着重新拍摄", file.display())?;
    }
    Ok(texts.into_iter().map(|text| (text.clone(), examine(&text, keys, base))).collect())
}

fn read(picture: &GrayImage) -> Vec<String> {
    let found = read_once(picture);
    let longest = picture.width().max(picture.height());
    let mut smaller = SIDES.iter().filter(|side| found.is_empty() && **side < longest);
    let found_smaller = smaller.find_map(|side| {
        let scaled = |length: u32| (length.saturating_mul(*side) / longest).max(1);
        let (width, height) = (scaled(picture.width()), scaled(picture.height()));
        let texts = read_once(&image::imageops::thumbnail(picture, width, height));
        (!texts.is_empty()).then_some(texts)
    });
    let mut texts = found_smaller.unwrap_or(found);
    texts.sort();
    texts.dedup();
    texts
}

fn read_once(picture: &GrayImage) -> Vec<String> {
    let side = |length: u32| usize::try_from(length).unwrap_or_default();
    let luma = |x: usize, y: usize| match (u32::try_from(x), u32::try_from(y)) {
        (Ok(x), Ok(y)) => picture.get_pixel_checked(x, y).map_or(u8::MAX, |pixel| pixel.0[0]),
        _ => u8::MAX,
    };
    qr::read_codes(side(picture.width()), side(picture.height()), luma)
}

fn examine(text: &str, keys: &TokenKeys, base: &str) -> Found {
    match keys.read(text) {
        Err(_) => Found::Foreign,
        Ok(token) => {
            let ours = qr::printable_link(base, &token);
            // What follows the token, such as the ticket of a slip, leads nowhere else.
            let begins = text.get(..ours.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(&ours));
            if begins { Found::Genuine(token) } else { Found::Elsewhere }
        }
    }
}

/// Says what is wrong with a code; whether it is good, which it is not.
fn tell(file: &Path, text: &str, found: &Found, out: &mut impl Write) -> anyhow::Result<bool> {
    let shown: String = text.chars().filter(|it| !it.is_control()).take(120).collect();
    let verdict = match found {
        Found::Elsewhere => "码号是本系统的，但链接指向别的网站，可能是伪造的海报",
        Found::Genuine(_) | Found::Foreign => "不是本系统签发的二维码",
    };
    writeln!(out, "{}：{verdict}：{shown}", file.display())?;
    Ok(false)
}

fn describe(row: Option<&ScannedCode>) -> String {
    let Some(row) = row else { return "签名有效，但登记中没有这个码".to_owned() };
    let mut text = match row.state {
        CodeState::Live => "本系统签发，正在使用".to_owned(),
        CodeState::Revoked => "本系统签发，已停用".to_owned(),
    };
    text.push_str(&format!("，{}", row.station.name));
    if let Some(member) = &row.member {
        text.push_str(&format!("，委员 {}", member.name));
    }
    if let Some(place) = &row.placed_at {
        text.push_str(&format!("，张贴于 {place}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use qr::TokenKey;

    use super::*;

    #[test]
    fn a_genuine_token_behind_another_address_is_not_ours() {
        let keys = TokenKeys::new(TokenKey::new('1', &[7; 32]).unwrap(), []).unwrap();
        let token = keys.mint([1, 2, 3, 4, 5]);
        let base = "https://code.example.cn";
        let found = |text: &str| examine(text, &keys, base);
        assert!(matches!(found(&format!("{base}/c/{token}")), Found::Genuine(_)));
        assert!(matches!(found(&format!("{base}/c/{token}").to_uppercase()), Found::Genuine(_)));
        assert!(matches!(found(&format!("https://evil.example/c/{token}")), Found::Elsewhere));
        assert!(matches!(found(&format!("{base}.evil.example/c/{token}")), Found::Elsewhere));
        assert!(matches!(found("https://code.example.cn/c/1AAAAAAAAAAAAAAA"), Found::Foreign));
    }
}
