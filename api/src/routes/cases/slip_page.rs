//! The paper slip as a page: one self-contained file that prints as it is, without scripts.

use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::HeaderValue;
use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use domain::calendar::SHANGHAI;

use super::show_slip::Paper;
use crate::routes::link::html::Text;
use crate::service::slips::Slip;

const STYLE: &str = "@page a6{size:105mm 148mm;margin:8mm}@page a5{size:148mm 210mm;margin:12mm}\
body{font:11pt/1.6 sans-serif;color:#000;margin:0 auto;padding:4mm}.a6{page:a6;max-width:89mm}\
.a5{page:a5;max-width:124mm;font-size:14pt}h1{font-size:1.3em;text-align:center;margin:0 0 .4em}\
p{margin:.2em 0}.number{font-size:1.5em;font-weight:bold;text-align:center;letter-spacing:.05em}\
.qr{width:46mm;margin:2mm auto}.a5 .qr{width:70mm}.hint{border-top:.3mm solid #000;margin-top:2mm;padding-top:2mm}\
@media print{body{padding:0}}";

/// Nothing is loaded from anywhere, and only our own style applies.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = data_encoding::BASE64.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()).as_ref());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

/// What the page may do.
pub fn policy() -> HeaderValue {
    POLICY.clone()
}

/// The page.
pub fn page(slip: &Slip, paper: Paper) -> String {
    let class = match paper {
        Paper::A6 => "a6",
        Paper::A5 => "a5",
    };
    let (number, station) = (Text(&slip.number), Text(&slip.station_name));
    let mut lines = String::new();
    line(&mut lines, "登记时间", &moment(slip.created_at));
    line(&mut lines, "工作站", &slip.station_name);
    line(&mut lines, "地址", &slip.station_address);
    if let Some(phone) = &slip.station_phone {
        line(&mut lines, "电话", phone);
    }
    if let Some(name) = &slip.member_name {
        line(&mut lines, "办理委员", name);
    }
    let provisional = if slip.respond_by_provisional {
        "（如遇节假日安排调整，以查询结果为准）"
    } else {
        ""
    };
    line(&mut lines, "答复期限", &format!("{}前{provisional}", moment(slip.respond_by)));
    format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>受理凭条 {number} · {station}</title><style>{STYLE}</style></head><body class=\"{class}\">\
         <h1>委员码上见 · 受理凭条</h1><p class=\"number\">{number}</p><div class=\"qr\">{}</div>{lines}\
         <p class=\"hint\">请用微信扫一扫上面的二维码，查看办理进度、补充情况、确认办结或提出异议。\
         没有手机的，请拨打工作站电话或到站报上编号查询。凭此条可查看该件，请妥善保管，遗失请告知工作站补办。</p>\
         </body></html>",
        slip.qr_svg
    )
}

fn line(lines: &mut String, label: &str, value: &str) {
    // Writing into a String can't fail.
    let _ = write!(lines, "<p>{label}：{}</p>", Text(value));
}

fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&SHANGHAI).format("%Y年%-m月%-d日 %H:%M").to_string()
}
