//! Writes every kind of poster, on every paper, with short and long names and names in other scripts, as PDF files,
//! and beside them `codes.txt`: for each code the file, what a phone would see of the page in pixels at 300 dpi (from
//! the left, from above, width), the width of a module there, and the link. `sizes.md` is a table of how large the
//! codes are and from how far they are read.
//!
//! `cargo run -p qr --example posters -- FOLDER [PART]`: only those whose name contains PART.

use std::io::Write as _;
use std::path::PathBuf;

use qr::poster::{Paper, Posters};

#[path = "support/readers.rs"]
mod readers;
#[path = "support/samples.rs"]
mod samples;

/// What an office printer resolves.
const DPI: u16 = 300;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let part = arguments.next().unwrap_or_default();
    let posters = Posters::load()?;
    let mut codes = std::fs::File::create(folder.join("codes.txt"))?;
    let mut sizes = std::fs::File::create(folder.join("sizes.md"))?;
    writeln!(sizes, "| kind | paper | symbol | module | read from |\n| --- | --- | --- | --- | --- |")?;
    for (kind, print) in samples::prints() {
        let paper = match print.paper {
            Paper::A5 => "a5",
            Paper::A4 => "a4",
            Paper::A3 => "a3",
            Paper::Own => "own",
        };
        let (word, sample) = (kind.word(), samples::poster(kind, samples::NAMES[0]));
        if let Some(code) = posters.codes(&sample, print)?.first() {
            let (symbol, module, distance) = (code.symbol_mm, code.module_mm, code.reading_distance_m());
            writeln!(sizes, "| `{word}` | {paper} | {symbol:.0} mm | {module:.2} mm | {distance:.1} m |")?;
        }
        for names in samples::NAMES {
            let name = format!("{word}.{paper}.{}", names.word);
            if !name.contains(&part) {
                continue;
            }
            let poster = samples::poster(kind, names);
            std::fs::write(folder.join(format!("{name}.pdf")), posters.pdf(&poster, print)?)?;
            for code in posters.codes(&poster, print)? {
                let (left, top, width) = readers::view(code, DPI);
                let module = code.module_mm * f32::from(DPI) / 25.4;
                writeln!(codes, "{name} {left} {top} {width} {module:.3} {}", poster.code().link)?;
            }
        }
    }
    Ok(())
}
