//! Years of cases in a database that has the demo district: what lists are measured on.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use domain::search::{SEGMENTER, Terms};

/// Its head says what it makes.
const SQL: &str = include_str!("grown.sql");

/// What people write; the last one writes one in fifty only.
const PHRASES: [&str; 9] = [
    "小区电梯坏了三天，老人上下楼很不方便，物业一直说在等配件。",
    "路口的红绿灯时间太短，接孩子放学的时候过不去。",
    "楼下垃圾房夏天味道很大，能不能换个位置或者多清运几次？",
    "暖气不热，室内只有十五度，打过电话没有人来看。",
    "社区卫生站周末不开门，慢病拿药要跑很远。",
    "老旧小区没有充电桩，飞线充电很危险。",
    "村道路灯坏了一排，晚上走路看不清。",
    "幼儿园门口停车太乱，早上经常堵死。",
    "广场喷泉漏水，地面结冰。",
];

/// The phrases with the terms by which they are found, as the service cuts them.
fn phrases() -> String {
    let rows = PHRASES.iter().enumerate().map(|(k, said)| {
        let mut terms = Terms::default();
        terms.add_text(said);
        format!("({k}, '{said}', string_to_array('{}', ' '))", terms.joined())
    });
    let rows = rows.collect::<Vec<_>>().join(", ");
    format!(
        "CREATE TEMP TABLE phrases (k integer PRIMARY KEY, said text, terms text[]);
         INSERT INTO phrases VALUES {rows};"
    )
}

/// Adds so many cases to the database at `url`, which `api demo` has filled and nothing has grown yet.
/// A million takes some minutes and 2 GB of disk.
pub(crate) fn grow(tools: &Path, url: &str, cases: u32) -> anyhow::Result<()> {
    let mut psql = Command::new(tools.join("psql"));
    let (cases, segmenter) = (format!("cases={cases}"), format!("segmenter={SEGMENTER}"));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", &cases, "-v", &segmenter, "-d", url, "-f", "-"]);
    let mut psql = psql.stdin(Stdio::piped()).spawn().context("psql")?;
    let mut input = psql.stdin.take().context("no standard input")?;
    input.write_all(phrases().as_bytes())?;
    input.write_all(SQL.as_bytes())?;
    drop(input);
    let status = psql.wait()?;
    if status.success() { Ok(()) } else { bail!("the database refused") }
}
