//! Reads printed codes as a phone would see them, by two readers, and prints how many were read as a table.
//!
//! `cargo run -p qr --example poster_trial -- FOLDER`: the folder holds `codes.txt` of the example `posters`, and for
//! its Nth line `N.png`, that part of the printed page. Fails when a reader does not read all that nothing happened to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use camera::{TRIALS, resolved, suffer};
use image::GrayImage;
use qr::poster::PosterKind;
use readers::{read_by_rqrr, read_by_zbar};

#[path = "support/camera.rs"]
mod camera;
#[path = "support/readers.rs"]
mod readers;

/// How many codes there were, and how many each reader read.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    codes: u32,
    zbar: u32,
    rqrr: u32,
}

impl Count {
    fn add(&mut self, picture: &GrayImage, link: &str) -> std::io::Result<()> {
        let has = |texts: Vec<String>| u32::from(texts.iter().any(|text| text == link));
        self.codes += 1;
        self.zbar += has(read_by_zbar(picture)?);
        self.rqrr += has(read_by_rqrr(picture));
        Ok(())
    }

    fn is_complete(self) -> bool {
        self.codes > 0 && self.zbar == self.codes && self.rqrr == self.codes
    }
}

const AS_PRINTED: &str = "as printed, 300 dpi";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let mut counts: BTreeMap<(usize, &str), Count> = BTreeMap::new();
    for (line, number) in std::fs::read_to_string(folder.join("codes.txt"))?.lines().zip(1_u64..) {
        let [name, _, _, _, module_px, link] = line.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("codes.txt: {line}").into());
        };
        let kind = PosterKind::ALL.iter().find(|kind| name.starts_with(kind.word())).ok_or("of no kind")?;
        let page = image::open(folder.join(format!("{number}.png")))?.into_luma8();
        counts.entry((0, kind.word())).or_default().add(&page, link)?;
        let seen = resolved(&page, module_px.parse()?);
        for ((_, faults), trial) in TRIALS.iter().zip(1..) {
            let picture = suffer(seen.clone(), faults, number)?;
            counts.entry((trial, kind.word())).or_default().add(&picture, link)?;
        }
    }
    std::io::stdout().write_all(table(&counts)?.as_bytes())?;
    let unharmed = counts.iter().filter(|((trial, _), _)| *trial == 0);
    if unharmed.clone().any(|(_, count)| !count.is_complete()) {
        return Err("a code that nothing happened to was not read".into());
    }
    Ok(())
}

/// The numbers as a table of Markdown.
fn table(counts: &BTreeMap<(usize, &str), Count>) -> Result<String, std::fmt::Error> {
    let kinds = PosterKind::ALL.map(PosterKind::word);
    let mut table = format!("| zbar · rqrr, of codes | {} |\n", kinds.join(" | "));
    writeln!(table, "|{}", " --- |".repeat(kinds.len() + 1))?;
    let names = std::iter::once(AS_PRINTED).chain(TRIALS.iter().map(|(name, _)| *name));
    for (trial, name) in names.enumerate() {
        write!(table, "| {name} |")?;
        for kind in kinds {
            let Count { codes, zbar, rqrr } = counts.get(&(trial, kind)).copied().unwrap_or_default();
            write!(table, " {zbar} · {rqrr} of {codes} |")?;
        }
        writeln!(table)?;
    }
    Ok(table)
}
