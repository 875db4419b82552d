//! Makes what a server says fit to be logged: short, on one line, and without anything that looks like a
//! token, a secret, an openid or a phone number.

/// The most characters that are kept.
const MOST: usize = 300;
/// A run of so many letters and digits is no word of any sentence: openids and session keys begin at 24.
const LONGEST_WORD: usize = 22;
/// A run of so many digits may be a phone number; an address has three at most.
const LONGEST_NUMBER: usize = 6;
/// What is written in place of such a run.
const MASK: &str = "****";

/// The text as it may be logged. `keep` is left as it is: the id of a call, which is long and no secret.
pub(super) fn fit_for_logs(text: &str, keep: Option<&str>) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    match keep.and_then(|keep| text.split_once(keep).map(|parts| (parts, keep))) {
        Some(((before, after), keep)) => format!("{}{keep}{}", masked(before), masked(after)),
        None => masked(&text),
    }
}

fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '=') {
            run.push(c);
        } else {
            end_run(&mut out, &mut run);
            out.push(c);
        }
    }
    end_run(&mut out, &mut run);
    out
}

fn end_run(out: &mut String, run: &mut String) {
    let digits = run.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    let telling = run.len() > LONGEST_WORD || digits > LONGEST_NUMBER;
    out.push_str(if telling { MASK } else { run });
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_stay_and_secrets_go() {
        let rid = "66bdb248-3c7ac0a1-1f2e3d4c";
        let invalid = format!(
            "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r rid: {rid}"
        );
        assert_eq!(fit_for_logs(&invalid, Some(rid)), invalid);
        let address = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist";
        assert_eq!(fit_for_logs(address, None), address);
        let openid = "ovh-czH4GN4U3cLs0-50u-SJQSnD";
        assert_eq!(fit_for_logs(&format!("bad {openid}!"), None), "bad ****!");
        assert_eq!(fit_for_logs("phone 19900000001 rid: x", Some("x")), "phone **** rid: x");
        let token = format!("93_{}", "aB-_".repeat(33));
        assert_eq!(fit_for_logs(&format!("token={token} ok"), None), "**** ok");
        assert_eq!(fit_for_logs("a\nb\u{0}c", None), "a b c");
        assert_eq!(fit_for_logs(&"长".repeat(1000), None).chars().count(), 300);
    }
}
