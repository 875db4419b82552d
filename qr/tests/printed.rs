//! Every kind of poster, printed and read again: as our own pixels and as a PDF document that poppler opens.
//! `scripts/posters` does the same for all papers and names, and with pictures as a phone takes them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "all of this file is a test")]

use std::cell::RefCell;
use std::process::Command;
use std::rc::Rc;

use qr::Emblem;
use qr::poster::{Margin, Paper, Poster, PosterError, PosterKind, Posters, Print};

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

#[test]
fn printed_codes_with_a_seal_or_a_portrait_in_the_middle_are_read_back() {
    let posters = Posters::load().unwrap();
    let seal = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4.5" cy="4.5" r="4.5" fill="#9b1b1e"/></svg>"##;
    for emblem in [Emblem::Svg(seal.to_owned()), Emblem::Image(samples::portrait())] {
        let mut poster = poster(PosterKind::Station, NAMES[0]);
        let Poster::Station { code, .. } = &mut poster else { unreachable!() };
        code.emblem = Some(emblem);
        let print = smallest(PosterKind::Station);
        let page = format!("{}/emblem", env!("CARGO_TARGET_TMPDIR"));
        let file = format!("{page}.pdf");
        std::fs::write(&file, posters.pdf(&poster, print).unwrap()).unwrap();
        run("pdftoppm", &["-r", &DPI.to_string(), "-png", "-singlefile", &file, &page]);

        let sheets = [
            image::open(format!("{page}.png")).unwrap(),
            image::load_from_memory(&posters.png(&poster, print, DPI).unwrap()).unwrap(),
        ];

        let [code] = posters.codes(&poster, print).unwrap()[..] else { unreachable!() };
        for sheet in sheets {
            let seen = seen(&sheet.into_luma8(), code, DPI);
            assert_eq!(read_by_rqrr(&seen), [poster.code().link.clone()]);
            assert_eq!(read_by_zbar(&seen).unwrap(), [poster.code().link.clone()]);
            let middle = seen.get_pixel(seen.width() / 2, seen.height() / 2).0[0];
            assert!((30..230).contains(&middle), "neither black nor white: {middle}");
        }
    }
}

#[test]
fn printed_codes_of_wechat_stand_where_ours_would_and_its_errors_do_not() {
    let posters = Posters::load().unwrap();
    let print = smallest(PosterKind::Station);
    let plain = poster(PosterKind::Station, NAMES[0]);
    let [place] = posters.codes(&plain, print).unwrap()[..] else { unreachable!() };
    let with = |picture: Vec<u8>| {
        let mut poster = plain.clone();
        let Poster::Station { code, .. } = &mut poster else { unreachable!() };
        code.mini_program_code = Some(picture);
        poster
    };

    let drawn = with(samples::portrait());
    let sheet = image::load_from_memory(&posters.png(&drawn, print, DPI).unwrap()).unwrap();
    let (left, top, width) = readers::view(place, DPI);
    assert_eq!(sheet.to_rgb8().get_pixel(left + width / 2, top + width / 2).0, [231, 190, 160]);
    assert!(posters.codes(&drawn, print).unwrap().is_empty(), "none of ours");

    let refused = with(br#"{"errcode":40001,"errmsg":"invalid credential"}"#.to_vec());
    assert!(matches!(posters.pdf(&refused, print), Err(PosterError::Code(_))));
}

/// What has arrived at a sink, while somebody else writes to it.
#[derive(Clone, Default)]
struct Arrived(Rc<RefCell<Vec<u8>>>);

impl std::io::Write for Arrived {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn printed_batches_leave_page_by_page_and_each_page_has_its_own_code() {
    let posters = Posters::load().unwrap();
    let arrived = Arrived::default();
    let mut document = posters.document(arrived.clone()).unwrap();
    let mut before = arrived.0.borrow().len();
    let mut pages = Vec::new();
    for number in 0..3 {
        let mut poster = poster(PosterKind::Station, NAMES[0]);
        let Poster::Station { code, .. } = &mut poster else { unreachable!() };
        code.link = samples::link(number);
        document.add(&poster, smallest(PosterKind::Station)).unwrap();
        pages.push(arrived.0.borrow().len() - before);
        before = arrived.0.borrow().len();
        // One that is refused leaves the document as it was.
        let Poster::Station { code, .. } = &mut poster else { unreachable!() };
        code.link = String::new();
        assert!(document.add(&poster, smallest(PosterKind::Station)).is_err());
        assert_eq!(arrived.0.borrow().len(), before);
    }
    document.finish().unwrap();
    // The template comes with the first page, the others bring their own texts and code only.
    assert!(pages[0] > pages[1] && pages[1].abs_diff(pages[2]) < 500 && pages[1] > 1000, "{pages:?}");

    let page = format!("{}/batch", env!("CARGO_TARGET_TMPDIR"));
    let file = format!("{page}.pdf");
    std::fs::write(&file, &*arrived.0.borrow()).unwrap();
    assert!(run("pdfinfo", &[&file]).lines().any(|line| line.replace(' ', "") == "Pages:3"));
    let sample = poster(PosterKind::Station, NAMES[0]);
    let [code] = posters.codes(&sample, smallest(PosterKind::Station)).unwrap()[..] else { unreachable!() };
    for number in 0..3 {
        let page_number = (number + 1).to_string();
        let dpi = DPI.to_string();
        run("pdftoppm", &["-f", &page_number, "-r", &dpi, "-png", "-singlefile", &file, &page]);
        let sheet = image::open(format!("{page}.png")).unwrap().into_luma8();
        assert_eq!(read_by_rqrr(&seen(&sheet, code, DPI)), [samples::link(number)]);
    }
}

#[test]
fn printed_batches_that_are_paused_after_every_page_are_the_same_bytes() {
    let posters = Posters::load().unwrap();
    let sample = |number: u32| {
        let mut poster = poster(PosterKind::Station, NAMES[usize::try_from(number).unwrap() % NAMES.len()]);
        let Poster::Station { code, .. } = &mut poster else { unreachable!() };
        code.link = samples::link(number);
        poster
    };
    let mut whole = posters.document(Vec::new()).unwrap();
    let (mut paused, mut parts) = posters.document(Vec::new()).unwrap().pause().unwrap();
    for number in 0..4 {
        whole.add(&sample(number), smallest(PosterKind::Station)).unwrap();
        let mut document = posters.resume(paused, Vec::new()).unwrap();
        document.add(&sample(number), smallest(PosterKind::Station)).unwrap();
        let (now, bytes) = document.pause().unwrap();
        (paused, parts) = (now, [parts, bytes].concat());
    }
    let rest = posters.resume(paused, Vec::new()).unwrap().finish().unwrap();
    assert!(whole.finish().unwrap() == [parts, rest].concat());
}

#[test]
fn printed_margins_are_told_to_whoever_cuts() {
    let posters = Posters::load().unwrap();
    let poster = poster(PosterKind::MemberCard, NAMES[0]);
    let boxes = |margin| {
        let file = format!("{}/margin.pdf", env!("CARGO_TARGET_TMPDIR"));
        let print = Print { paper: Paper::Own, margin };
        std::fs::write(&file, posters.pdf(&poster, print).unwrap()).unwrap();
        let told = run("pdfinfo", &["-box", &file]);
        // Left, bottom, right and top in points.
        ["MediaBox", "BleedBox", "TrimBox"].map(|name| {
            let line = told.lines().find(|line| line.starts_with(name)).unwrap();
            let millimetres =
                |points: &str| points.parse::<f64>().ok().map(|points| (points * 25.4 / 72.0).round());
            line.split_whitespace().filter_map(millimetres).collect::<Vec<_>>()
        })
    };

    let whole = vec![0.0, 0.0, 90.0, 54.0];
    assert_eq!(boxes(Margin::None), [whole.clone(), whole.clone(), whole]);
    let bleed = vec![0.0, 0.0, 96.0, 60.0];
    assert_eq!(boxes(Margin::Bleed), [bleed.clone(), bleed, vec![3.0, 3.0, 93.0, 57.0]]);
    assert_eq!(
        boxes(Margin::CropMarks),
        [vec![0.0, 0.0, 106.0, 70.0], vec![5.0, 5.0, 101.0, 65.0], vec![8.0, 8.0, 98.0, 62.0]]
    );

    // The ground reaches into the bleed, the corner beyond it is empty but for the marks.
    let print = Print { paper: Paper::Own, margin: Margin::CropMarks };
    let picture = image::load_from_memory(&posters.png(&poster, print, 254).unwrap()).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (1060, 700));
    assert_eq!(picture.get_pixel(60, 60).0, [0x9b, 0x1b, 0x1e]);
    assert_eq!(picture.get_pixel(20, 20).0, [255; 3]);
    assert!(picture.get_pixel(80, 20).0[0] < 128, "a mark above the corner");
}
