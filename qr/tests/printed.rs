//! Every kind of poster, printed and read again: as our own pixels and as a PDF document that poppler opens.
//! `scripts/posters` does the same for all papers and names, and with pictures as a phone takes them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "all of this file is a test")]

use std::process::Command;

use qr::poster::{Margin, Paper, PosterKind, Posters, Print};

#[path = "../examples/support/readers.rs"]
mod readers;
#[path = "../examples/support/samples.rs"]
mod samples;

use readers::{read_by_rqrr, read_by_zbar, seen};
use samples::{NAMES, poster};

const DPI: u16 = 150;

/// The smallest paper of a kind.
fn smallest(kind: PosterKind) -> Print {
    let own = kind.papers().contains(&Paper::Own);
    Print { paper: if own { Paper::Own } else { Paper::A5 }, margin: Margin::None }
}

/// What a program of poppler or zbar prints.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| {
        panic!("{program}: {error}; on Debian: apt-get install poppler-utils zbar-tools")
    });
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn printed_pictures_of_every_kind_are_read_back() {
    let posters = Posters::load().unwrap();
    for kind in PosterKind::ALL {
        let poster = poster(kind, NAMES[0]);
        let codes = posters.codes(&poster, smallest(kind)).unwrap();
        assert_eq!(
            codes.len(),
            if kind == PosterKind::Stickers { 6 } else { 1 + usize::from(kind == PosterKind::TableTent) }
        );

        let file = posters.png(&poster, smallest(kind), DPI).unwrap();

        let page = image::load_from_memory(&file).unwrap().into_luma8();
        for code in codes {
            assert_eq!(
                read_by_rqrr(&seen(&page, code, DPI)),
                [poster.code().link.clone()],
                "{kind:?}: {code:?}"
            );
        }
    }
}

#[test]
fn printed_documents_of_every_kind_are_read_back_and_their_text_can_be_copied() {
    let posters = Posters::load().unwrap();
    for kind in PosterKind::ALL {
        let poster = poster(kind, NAMES[0]);
        let page = format!("{}/{}", env!("CARGO_TARGET_TMPDIR"), kind.word());
        let (file, picture) = (format!("{page}.pdf"), format!("{page}.png"));
        std::fs::write(&file, posters.pdf(&poster, smallest(kind)).unwrap()).unwrap();

        let text = run("pdftotext", &["-raw", &file, "-"]);
        assert!(text.contains(&poster.station().name), "{kind:?}: {text}");
        for font in run("pdffonts", &[&file]).lines().skip(2) {
            // From the end: two numbers of the object, then whether its text can be copied, whether it is cut down,
            // whether it is embedded.
            let columns: Vec<&str> = font.split_whitespace().rev().collect();
            assert_eq!(columns[2..5], ["yes"; 3], "{kind:?}: {font}");
        }

        run("pdftoppm", &["-r", &DPI.to_string(), "-png", "-singlefile", &file, &page]);
        let sheet = image::open(&picture).unwrap().into_luma8();
        for code in posters.codes(&poster, smallest(kind)).unwrap() {
            let seen = seen(&sheet, code, DPI);
            assert_eq!(read_by_rqrr(&seen), [poster.code().link.clone()], "{kind:?}: rqrr");
            assert_eq!(read_by_zbar(&seen).unwrap(), [poster.code().link.clone()], "{kind:?}: zbar");
        }
    }
}
