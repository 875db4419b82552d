//! Tests: every picture is read again by an independent decoder, as a phone would.

use proptest::prelude::*;

use crate::{
    Drawing, Emblem, Level, Look, Matrix, PngOptions, QrError, Rgb, Shape, TokenKey, TokenKeys, png,
    printable_link, svg,
};

const LEVELS: [Level; 4] = [Level::Low, Level::Medium, Level::Quartile, Level::High];

/// A square greyscale picture.
struct Picture {
    size: usize,
    luma: Vec<u8>,
}

impl Picture {
    fn from_png(bytes: &[u8]) -> Self {
        let mut decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(::png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut luma = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut luma).unwrap();
        assert_eq!((info.width, info.color_type), (info.height, ::png::ColorType::Grayscale));
        Self { size: usize::try_from(info.width).unwrap(), luma }
    }

    /// Draws our own kind of path, `M<x> <y>h<n>v1h-<n>z` repeated, with one pixel for each module.
    fn from_svg(svg: &str) -> Self {
        let attribute = |name: &str| {
            let (_, rest) = svg.rsplit_once(&format!(" {name}=\"")).unwrap();
            rest.split_once('"').unwrap().0
        };
        let size: usize = attribute("viewBox").rsplit_once(' ').unwrap().1.parse().unwrap();
        let mut luma = vec![255; size * size];
        for run in attribute("d").split_terminator('z') {
            let (x, rest) = run.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(length, back);
            let left = y.parse::<usize>().unwrap() * size + x.parse::<usize>().unwrap();
            luma[left..left + length.parse::<usize>().unwrap()].fill(0);
        }
        Self { size, luma }
    }

    /// A camera sees each pixel as several of its own.
    fn magnified(&self, times: usize) -> Self {
        let size = self.size * times;
        let luma =
            (0..size * size).map(|at| self.luma[at / size / times * self.size + at % size / times]).collect();
        Self { size, luma }
    }

    /// The text of the one QR code in this picture.
    fn read(&self) -> String {
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(self.size, self.size, |x, y| {
            self.luma[y * self.size + x]
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "one code in the picture");
        grids[0].decode().unwrap().1
    }
}

fn link_of(id: [u8; 5]) -> String {
    let keys = TokenKeys::new(TokenKey::new('1', &[7; 32]).unwrap(), []).unwrap();
    printable_link("https://mashang.example.org", &keys.mint(id))
}

fn link() -> String {
    link_of([1, 2, 3, 4, 5])
}

fn with_size(size_px: u16) -> PngOptions {
    PngOptions { size_px, ..PngOptions::default() }
}

#[test]
fn a_png_of_any_level_and_size_is_read_back() {
    for level in LEVELS {
        let matrix = Matrix::encode(&link(), level).unwrap();
        for size_px in [64, 65, 99, 100, 127, 128, 256, 300, 511, 512, 513, 1000, 1024, 2047, 2048] {
            let picture = Picture::from_png(&png(&matrix, with_size(size_px)).unwrap());

            assert_eq!(picture.size, usize::from(size_px));
            let seen = if size_px < 256 { picture.magnified(4) } else { picture };
            assert_eq!(seen.read(), link(), "{level:?} at {size_px} px");
        }
    }
}

#[test]
fn a_png_keeps_the_quiet_zone_and_centres_the_code() {
    let matrix = Matrix::encode(&link(), Level::Quartile).unwrap();

    let picture = Picture::from_png(&png(&matrix, with_size(500)).unwrap());

    let is_white = |row: &[u8]| row.iter().all(|pixel| *pixel == 255);
    let rows: Vec<&[u8]> = picture.luma.chunks(picture.size).collect();
    let above = rows.iter().take_while(|row| is_white(row)).count();
    let below = rows.iter().rev().take_while(|row| is_white(row)).count();
    let scale = 500 / (matrix.side() + 8);
    assert!(above >= 4 * scale);
    assert!(below - above <= 1, "{above} px above and {below} px below");
    assert_eq!(500 - above - below, matrix.side() * scale);
}

#[test]
fn an_svg_of_any_level_is_read_back() {
    for level in LEVELS {
        let matrix = Matrix::encode(&link(), level).unwrap();

        let picture = Picture::from_svg(&svg(&matrix).unwrap());

        assert_eq!(picture.size, matrix.side() + 8);
        assert_eq!(picture.magnified(4).read(), link(), "{level:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_encoded_is_what_a_phone_reads(text in "[ -~]{1,120}|[A-Z0-9:/.]{1,120}|[一-龥]{1,40}") {
        let matrix = Matrix::encode(&text, Level::Medium).unwrap();

        let from_svg = Picture::from_svg(&svg(&matrix).unwrap()).magnified(4).read();
        let from_png = Picture::from_png(&png(&matrix, PngOptions::default()).unwrap()).read();

        prop_assert_eq!(&from_svg, &text);
        prop_assert_eq!(&from_png, &text);
    }
}

#[test]
fn an_upper_case_link_gives_the_smaller_symbols_that_the_documentation_names() {
    let side = |link: &str, level| Matrix::encode(link, level).unwrap().side();
    let upper = link().to_ascii_uppercase();

    let sides = LEVELS.map(|level| (side(&link(), level), side(&upper, level)));

    assert_eq!(link().len(), 46);
    assert_eq!(sides, [(29, 25), (29, 29), (33, 29), (37, 33)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_tokens_of_a_service_give_symbols_of_one_size(id: [u8; 5]) {
        let upper = link_of(id).to_ascii_uppercase();

        prop_assert_eq!(Matrix::encode(&link_of(id), Level::Quartile).unwrap().side(), 33);
        prop_assert_eq!(Matrix::encode(&upper, Level::Quartile).unwrap().side(), 29);
    }
}

#[test]
fn a_512_px_picture_is_small_enough_for_a_bad_network() {
    let bytes = |level| png(&Matrix::encode(&link(), level).unwrap(), with_size(512)).unwrap().len();

    assert!(bytes(Level::Quartile) <= 800, "{} bytes", bytes(Level::Quartile));
    assert!(bytes(Level::High) < 1_000, "{} bytes", bytes(Level::High));
}

#[test]
fn links_that_no_symbol_holds_are_refused() {
    assert!(matches!(Matrix::encode("", Level::Low), Err(QrError::EmptyLink)));
    assert!(matches!(
        Matrix::encode(&"a".repeat(1_274), Level::High),
        Err(QrError::LinkTooLong { bytes: 1_274 })
    ));
    assert_eq!(Matrix::encode(&"a".repeat(1_273), Level::High).unwrap().side(), 177);
}

#[test]
fn sizes_that_cannot_be_drawn_are_refused() {
    let small = Matrix::encode(&link(), Level::Low).unwrap();
    let large = Matrix::encode(&"a".repeat(300), Level::Low).unwrap();
    let needed = u16::try_from(large.side() + 8).unwrap();

    for size_px in [0, 63, 2049, u16::MAX] {
        assert!(matches!(
            png(&small, with_size(size_px)),
            Err(QrError::SizeOutOfRange { size_px: refused }) if refused == size_px
        ));
    }
    assert!(matches!(
        png(&large, with_size(needed - 1)),
        Err(QrError::SizeTooSmall { needed_px, .. }) if needed_px == usize::from(needed)
    ));
    assert!(png(&large, with_size(needed)).is_ok());
    assert!(matches!(
        png(&small, PngOptions { size_px: 512, quiet_zone_modules: u16::MAX }),
        Err(QrError::SizeTooSmall { .. })
    ));
}

const DEEP_RED: Rgb = Rgb(0x9b, 0x1c, 0x1c);
const SEAL: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><script>alert(1)</script>
    <circle cx="5" cy="5" r="4.6" fill="#b3261e"/><path d="M5 2l2 6-5-4h6l-5 4z" fill="#ffd54f"/></svg>"##;

/// A portrait that no reader could take for a part of a code: a face on a blue ground.
fn portrait() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(120, 160, |x, y| {
        let face = (f64::from(x) - 60.0).powi(2) + (f64::from(y) - 80.0).powi(2) < 40.0_f64.powi(2);
        image::Rgb(if face { [224, 172, 140] } else { [70, 110, 160] })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn looks() -> Vec<Look> {
    let plain = Look::default;
    vec![
        Look { dark: DEEP_RED, ..plain() },
        Look { shape: Shape::Round, ..plain() },
        Look { shape: Shape::Round, emblem: Some(Emblem::Svg(SEAL.to_owned())), ..plain() },
        Look { dark: DEEP_RED, emblem: Some(Emblem::Image(portrait())), ..plain() },
    ]
}

/// What an independent decoder of pictures makes of a file, read by ours.
fn read_file(bytes: &[u8]) -> Vec<String> {
    let seen = image::load_from_memory(bytes).unwrap().into_luma8();
    let pixel = |at: usize| u32::try_from(at).unwrap();
    crate::read_codes(seen.width().try_into().unwrap(), seen.height().try_into().unwrap(), |x, y| {
        seen.get_pixel(pixel(x), pixel(y)).0[0]
    })
}

#[test]
fn every_look_is_read_back_as_png_and_jpeg() {
    for look in looks() {
        let drawing = Drawing::new(&link(), look.clone()).unwrap();
        for size_px in [300, 512] {
            assert_eq!(
                read_file(&drawing.png(size_px).unwrap()),
                [link()],
                "{look:?} as PNG at {size_px} px"
            );
            assert_eq!(
                read_file(&drawing.jpeg(size_px).unwrap()),
                [link()],
                "{look:?} as JPEG at {size_px} px"
            );
        }
    }
}

#[test]
fn every_look_is_read_back_as_svg_by_a_renderer() {
    for look in looks() {
        let svg = Drawing::new(&link(), look.clone()).unwrap().svg().unwrap();
        assert_eq!(svg.matches("<script").count(), 0);
        let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap();
        let mut pixmap = resvg::tiny_skia::Pixmap::new(600, 600).unwrap();
        let scale = 600.0 / tree.size().width();
        resvg::render(&tree, usvg::Transform::from_scale(scale, scale), &mut pixmap.as_mut());

        assert_eq!(read_file(&pixmap.encode_png().unwrap()), [link()], "{look:?}");
        let middle = pixmap.pixel(300, 300).unwrap();
        match look.emblem {
            Some(Emblem::Svg(_)) => {
                assert_eq!((middle.red(), middle.green(), middle.blue()), (0xff, 0xd5, 0x4f))
            }
            // The renderer is built without raster pictures: what is embedded is looked at by itself.
            Some(Emblem::Image(_)) => {
                let (_, data) = svg.split_once("data:image/png;base64,").unwrap();
                let file = data_encoding::BASE64.decode(data.split('"').next().unwrap().as_bytes()).unwrap();
                let picture = image::load_from_memory(&file).unwrap().into_rgb8();
                assert_eq!(
                    (picture.dimensions(), picture.get_pixel(60, 60).0),
                    ((120, 120), [224, 172, 140])
                );
            }
            None => {}
        }
    }
}

#[test]
fn a_code_with_an_emblem_has_the_highest_level() {
    let look = |emblem| Look { level: Level::Low, emblem, ..Look::default() };

    let sides = [None, Some(Emblem::Svg(SEAL.to_owned()))]
        .map(look)
        .map(|look| Drawing::new(&link(), look).unwrap().matrix().side());

    assert_eq!(sides, [29, 37]);
}

#[test]
fn colours_that_scanners_cannot_tell_apart_are_refused() {
    let look = |dark, light| Look { dark, light, ..Look::default() };
    for (dark, light) in [
        (Rgb(255, 80, 80), Rgb::WHITE),
        (Rgb::BLACK, Rgb(60, 60, 60)),
        (Rgb::WHITE, Rgb::BLACK),
        (DEEP_RED, DEEP_RED),
    ] {
        let refused = Drawing::new(&link(), look(dark, light)).err();
        assert!(matches!(refused, Some(QrError::LowContrast { .. })), "{dark:?} on {light:?}");
    }
    assert!(Drawing::new(&link(), look(DEEP_RED, Rgb(255, 250, 240))).is_ok());
    assert!((Rgb::BLACK.contrast_on(Rgb::WHITE) - 21.0).abs() < 1e-9);
}

#[test]
fn an_emblem_shows_nothing_that_lies_on_the_disk() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/silhouette.svg");
    let thief =
        SEAL.replace("<script>alert(1)</script>", &format!(r#"<image width="9" height="9" href="{file}"/>"#));
    assert!(thief.contains(file));
    let look = Look { emblem: Some(Emblem::Svg(thief)), ..Look::default() };

    let svg = Drawing::new(&link(), look).unwrap().svg().unwrap();

    // The silhouette's ground, and its picture in whatever form.
    assert!(!svg.contains("eee6dc") && !svg.contains("<image") && !svg.contains("data:"), "{svg}");
    assert!(svg.contains("ffd54f"), "the rest of it is there");
}

#[test]
fn what_is_no_picture_does_not_come_into_the_middle() {
    for emblem in [Emblem::Image(b"no picture".to_vec()), Emblem::Svg("<svg".to_owned())] {
        let look = Look { emblem: Some(emblem), ..Look::default() };
        assert!(matches!(Drawing::new(&link(), look), Err(QrError::Emblem { .. })));
    }
}

#[test]
fn a_picture_that_does_not_read_back_does_not_leave() {
    let matrix = Matrix::encode(&link(), Level::Quartile).unwrap().claiming(&link_of([9; 5]));
    let drawing = Drawing::of(matrix, Look::default()).unwrap();

    assert!(matches!(drawing.png(256), Err(QrError::NotReadBack)));
    assert!(matches!(drawing.jpeg(256), Err(QrError::NotReadBack)));
    assert!(matches!(drawing.svg(), Err(QrError::NotReadBack)));
}

#[test]
fn the_code_of_another_link_is_not_taken_for_the_right_one() {
    let matrix = Matrix::encode(&link(), Level::Quartile).unwrap();
    let drawn = Picture::from_svg(&svg(&matrix).unwrap()).magnified(4);
    let luma = |x: usize, y: usize| drawn.luma[y * drawn.size + x];

    assert!(crate::reading::confirm(&link(), drawn.size, 4, luma).is_ok());
    assert!(matches!(
        crate::reading::confirm(&link_of([9; 5]), drawn.size, 4, luma),
        Err(QrError::NotReadBack)
    ));
    assert!(matches!(crate::reading::confirm(&link(), 200, 4, |_, _| 255), Err(QrError::NotReadBack)));
}
