//! Writes every kind of poster, on every paper, with short and long names and names in other scripts, as PDF files.
//!
//! `cargo run -p qr --example posters -- FOLDER [PART]`: only those whose name contains PART.

use std::path::PathBuf;

use qr::poster::{Paper, Posters};

#[path = "support/samples.rs"]
mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let part = arguments.next().unwrap_or_default();
    let posters = Posters::load()?;
    for (kind, print) in samples::prints() {
        for names in samples::NAMES {
            let paper = match print.paper {
                Paper::A5 => "a5",
                Paper::A4 => "a4",
                Paper::A3 => "a3",
                Paper::Own => "own",
            };
            let name = format!("{}.{paper}.{}", kind.word(), names.word);
            if name.contains(&part) {
                std::fs::write(
                    folder.join(name + ".pdf"),
                    posters.pdf(&samples::poster(kind, names), print)?,
                )?;
            }
        }
    }
    Ok(())
}
