//! Years of cases in a database that has the demo district: what lists are measured on.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// Its head says what it makes.
const SQL: &str = include_str!("grown.sql");

/// Adds so many cases to the database at `url`, which `api demo` has filled and nothing has grown yet.
/// A million takes some minutes and 2 GB of disk.
pub(crate) fn grow(tools: &Path, url: &str, cases: u32) -> anyhow::Result<()> {
    let mut psql = Command::new(tools.join("psql"));
    let cases = format!("cases={cases}");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", &cases, "-d", url, "-f", "-"]);
    let mut psql = psql.stdin(Stdio::piped()).spawn().context("psql")?;
    psql.stdin.take().context("no standard input")?.write_all(SQL.as_bytes())?;
    let status = psql.wait()?;
    if status.success() { Ok(()) } else { bail!("the database refused") }
}
