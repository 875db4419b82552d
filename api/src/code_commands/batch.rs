//! `api codes batch`: what the job of a batch makes, written to a file at once.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use domain::ids::CommitteeId;
use domain::vocabulary::BatchForm;

use super::{Look, ending};
use crate::service::code_batches::{self, DrawError, MOST_CODES, Wanted, Work};
use crate::service::committees::CommitteeTree;
use crate::state::AppState;
use crate::store::code_batches::{Selection, count_codes};

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Each {
    /// Pictures.
    Png,
    /// Documents.
    Pdf,
}

pub(super) async fn all(
    state: &AppState,
    committee: &str,
    (file, each): (&Path, Each),
    look: Look,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let form = match (ending(file).as_str(), each) {
        ("pdf", _) => BatchForm::Pdf,
        ("zip", Each::Png) => BatchForm::ZipPng,
        ("zip", Each::Pdf) => BatchForm::ZipPdf,
        _ => anyhow::bail!("文件名应以 .pdf 或 .zip 结尾"),
    };
    let Some(id) = find_committee(state, committee).await? else {
        writeln!(out, "没有这个委员会：{committee}")?;
        return Ok(ExitCode::FAILURE);
    };
    let Look { template, paper, margin, dpi } = look;
    let wanted = Wanted { form, kind: None, station_id: None, template, paper, margin, dpi: Some(dpi) };
    let selection = wanted.selection(id, state.clock.now());
    let total = count_codes(state.db.reader(), &selection).await?;
    if total == 0 {
        writeln!(out, "没有可以制作的二维码")?;
        return Ok(ExitCode::FAILURE);
    }
    if total > MOST_CODES {
        writeln!(out, "共有 {total} 个二维码，一次最多制作 {MOST_CODES} 个")?;
        return Ok(ExitCode::FAILURE);
    }
    // Under another name until it is whole.
    let unfinished = file.with_extension("part");
    let drawn = write(state, &wanted, &selection, &unfinished).await;
    match drawn {
        Ok(drawn) => {
            std::fs::rename(&unfinished, file).with_context(|| format!("无法写入 {}", file.display()))?;
            writeln!(out, "已制作 {drawn} 张，写入 {}", file.display())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            std::fs::remove_file(&unfinished).context("无法删除未完成的文件")?;
            match error.downcast_ref::<DrawError>().and_then(DrawError::sentence) {
                Some(sentence) => writeln!(out, "{sentence}")?,
                None => return Err(error),
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn find_committee(state: &AppState, wanted: &str) -> anyhow::Result<Option<CommitteeId>> {
    let tree = CommitteeTree::load(state).await?;
    let found = tree.all().iter().find(|row| row.name == wanted || row.id.to_string() == wanted);
    Ok(found.map(|row| row.id))
}

async fn write(
    state: &AppState,
    wanted: &Wanted,
    selection: &Selection,
    file: &Path,
) -> anyhow::Result<usize> {
    let mut sink = File::create(file).with_context(|| format!("无法写入 {}", file.display()))?;
    let (mut drawn, mut work) = (0, Work::default());
    loop {
        let stride = code_batches::stride(state, wanted, selection, work).await?;
        sink.write_all(&stride.bytes).with_context(|| format!("无法写入 {}", file.display()))?;
        drawn += stride.drawn;
        work = stride.work;
        if stride.is_last {
            sink.sync_all().with_context(|| format!("无法写入 {}", file.display()))?;
            return Ok(drawn);
        }
    }
}
