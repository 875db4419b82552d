//! `api codes …`: what is done with codes at a desk, without a browser. Speaks Chinese, as the people there do.
//!
//! The exit code is for scripts: 0 when all is well, 1 when a code is not good or nothing could be made.

mod batch;
mod draw;
mod verify;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::ids::Ids;
use crate::service::poster_look::{PosterMargin, PosterPaper, PosterTemplate};
use crate::startup;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Codes {
    /// Tell of photos whether the codes in them are ours, and where they hang.
    Verify {
        /// JPEG, PNG or WebP pictures.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Only check the signatures: no database is asked.
        #[arg(long)]
        signature_only: bool,
    },
    /// Draw the poster of a code, or with `.svg` the code alone.
    Draw {
        /// The token, or the whole link.
        token: String,
        /// Where to; the ending says what: `.pdf`, `.png` or `.svg`.
        #[arg(long)]
        out: PathBuf,
        /// How posters look.
        #[command(flatten)]
        look: Look,
    },
    /// Draw the posters of all codes of a committee that work.
    Batch {
        /// The committee's id or its name.
        #[arg(long)]
        committee: String,
        /// Where to: `.pdf` for one document, `.zip` for an archive with a list.
        #[arg(long)]
        out: PathBuf,
        /// What an archive holds.
        #[arg(long, value_enum, default_value = "png")]
        each: batch::Each,
        /// How posters look.
        #[command(flatten)]
        look: Look,
    },
}

/// How posters look.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Look {
    /// Which poster; the usual one of the code when nothing is said.
    #[arg(long)]
    template: Option<PosterTemplate>,
    /// What it is printed on; A4 when nothing is said.
    #[arg(long)]
    paper: Option<PosterPaper>,
    /// What is added for who cuts it.
    #[arg(long, value_enum, default_value = "none")]
    margin: PosterMargin,
    /// Pixels an inch of pictures.
    #[arg(long, default_value = "150", value_parser = clap::value_parser!(u16).range(36..=600))]
    dpi: u16,
}

/// Does it.
///
/// # Errors
/// A file can't be read or written, or a part of the service does not work.
pub async fn run(
    config: Config,
    clock: SharedClock,
    command: Codes,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    if let Codes::Verify { files, signature_only: true } = &command {
        return verify::signatures(&config, files, out);
    }
    let ids = Ids::random(clock.clone());
    let state = startup::build_state(config, clock, ids).await?;
    let done = match command {
        Codes::Verify { files, .. } => verify::codes(&state, &files, out).await,
        Codes::Draw { token, out: file, look } => draw::one(&state, &token, &file, look, out).await,
        Codes::Batch { committee, out: file, each, look } => {
            batch::all(&state, &committee, (&file, each), look, out).await
        }
    };
    state.db.clone().close().await?;
    done
}

/// What comes after the last dot of a file's name, in lower case.
fn ending(file: &std::path::Path) -> String {
    file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase()
}
