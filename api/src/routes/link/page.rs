//! The page behind a printed link: one self-contained file in plain words, for any browser.

use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::HeaderValue;
use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use domain::calendar::{SHANGHAI, shanghai_date};

use super::html::Text;
use crate::service::codes::CodeLink;
use crate::service::duty::{OnDuty, ReceptionDay};
use crate::service::scan_card::{CardMember, CardStation, ScanCard};

const STYLE: &str = "body{font:18px/1.7 sans-serif;max-width:36em;margin:0 auto;padding:1em;color:#222}\
h1{font-size:1.4em}h2{font-size:1.1em;margin:1.4em 0 .3em}p,ul{margin:.3em 0}\
.notice,.hint{padding:.6em .8em;border-left:.3em solid #b22;background:#faf4f4}a{color:#a11}";

/// Nothing is loaded from anywhere, and only our own style applies.
pub static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = digest::digest(&digest::SHA256, STYLE.as_bytes());
    let hash = data_encoding::BASE64.encode(hash.as_ref());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

/// The page of a code that works.
pub fn card(card: &ScanCard) -> String {
    let mut body = String::with_capacity(2048);
    push_station(&mut body, card);
    if let Some(notice) = &card.notice {
        push(&mut body, format_args!("<p class=\"notice\">{}</p>", Text(notice)));
    }
    if let Some(member) = &card.member {
        push_member(&mut body, member);
    }
    push_on_duty(&mut body, &card.on_duty);
    if let Some(day) = &card.next_reception_day {
        push_reception_day(&mut body, day);
    }
    body.push_str(
        "<h2>这张海报是什么</h2><p>海报上的二维码对应一个政协委员工作站。您有困难、有建议，可以在这里向委员反映：\
         每一件都有人负责，每一件都有答复。</p>\
         <p class=\"hint\">请打开微信，用“扫一扫”扫描海报上的二维码，即可反映情况、查看办理进度。</p>",
    );
    frame(&card.station.name, &body)
}

/// The page of a slip's link in a browser.
pub fn slip(number: &str) -> String {
    let number = Text(number);
    let body = format!(
        "<h1>办件 {number}</h1><p>这是您的受理凭条。</p>\
         <p class=\"hint\">请打开微信，用“扫一扫”扫描凭条上的二维码，即可查看办理进度、补充情况、确认办结或提出异议。</p>\
         <p>也可以拨打凭条上的工作站电话，报上编号查询。</p>"
    );
    frame("受理凭条", &body)
}

/// The page of a code that was never issued.
pub fn unknown() -> String {
    frame(
        "没有找到这个二维码",
        "<h1>没有找到这个二维码</h1><p>可能是扫描不完整，或者链接输错了。请对准海报上的二维码重新扫描。</p>\
         <p class=\"hint\">如果海报破损，请告诉附近的委员工作站，我们会尽快更换。</p>",
    )
}

/// The page of a code that was revoked.
pub fn revoked(replacement: Option<&CodeLink>) -> String {
    let mut body = "<h1>这个二维码已停用</h1>".to_owned();
    match replacement {
        Some(other) => push(
            &mut body,
            format_args!("<p>它已经换成新的二维码：<a href=\"{}\">请点这里继续</a>。</p>", Text(&other.url)),
        ),
        None => body.push_str("<p>请到附近的委员工作站，扫描新的海报。</p>"),
    }
    frame("这个二维码已停用", &body)
}

fn push_station(body: &mut String, card: &ScanCard) {
    let CardStation { kind, name, address, phone, opening_hours, open, .. } = &card.station;
    push(body, format_args!("<h1>{}</h1>", Text(name)));
    push(body, format_args!("<p>{}　{}</p>", Text(&card.committee.name), kind.label()));
    push(body, format_args!("<p>地址：{}</p>", Text(address)));
    if let Some(phone) = phone {
        push(body, format_args!("<p>电话：{}</p>", Text(phone)));
    }
    if let Some(hours) = opening_hours {
        push(body, format_args!("<p>开放时间：{}</p>", Text(hours)));
    }
    if !open {
        body.push_str("<p class=\"notice\">本站已停止开放，您反映的情况会转到其他工作站办理。</p>");
    }
}

fn push_member(body: &mut String, member: &CardMember) {
    push(body, format_args!("<h2>委员</h2><p>{}（{}", Text(&member.name), Text(&member.sector.name)));
    if let Some(post) = &member.post {
        push(body, format_args!("，{}", Text(post)));
    }
    body.push_str("）</p>");
    if let Some(bio) = &member.bio {
        push(body, format_args!("<p>{}</p>", Text(bio)));
    }
}

fn push_on_duty(body: &mut String, on_duty: &[OnDuty]) {
    body.push_str("<h2>现在值班</h2>");
    if on_duty.is_empty() {
        body.push_str("<p>现在没有委员值班。您随时可以反映情况，工作站会安排委员办理。</p>");
        return;
    }
    body.push_str("<ul>");
    for member in on_duty {
        push(body, format_args!("<li>{}（{}", Text(&member.name), Text(&member.sector.name)));
        if let Some(post) = &member.post {
            push(body, format_args!("，{}", Text(post)));
        }
        push(body, format_args!("），至 {}</li>", when(member.until)));
    }
    body.push_str("</ul>");
}

fn push_reception_day(body: &mut String, day: &ReceptionDay) {
    let member = Text(&day.member.name);
    let hours = hours(day.starts_at, day.ends_at);
    push(body, format_args!("<h2>委员接待日</h2><p>{hours}，接待委员：{member}。欢迎您到站面谈。</p>"));
}

/// From when until when, with the day said once where it is the same.
fn hours(from: DateTime<Utc>, until: DateTime<Utc>) -> String {
    let same_day = shanghai_date(from) == shanghai_date(until);
    let end = if same_day { "%H:%M" } else { "%-m月%-d日 %H:%M" };
    format!("{} 至 {}", when(from), until.with_timezone(&SHANGHAI).format(end))
}

fn when(at: DateTime<Utc>) -> impl std::fmt::Display {
    at.with_timezone(&SHANGHAI).format("%-m月%-d日 %H:%M")
}

fn frame(title: &str, body: &str) -> String {
    let title = Text(title);
    format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title} · 委员码上见</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )
}

fn push(body: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a String can't fail.
    let _ = body.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_reception_is_said_once() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (morning, noon) = (at("2026-12-10T01:00:00Z"), at("2026-12-10T03:30:00Z"));
        assert_eq!(hours(morning, noon), "12月10日 09:00 至 11:30");
        assert_eq!(hours(morning, at("2026-12-10T16:30:00Z")), "12月10日 09:00 至 12月11日 00:30");
    }
}
