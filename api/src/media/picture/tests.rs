//! Small pictures made here go through the whole pipeline and are read back.

use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ImageEncoder, ImageFormat, Rgb, Rgba, RgbaImage};

use super::*;
use crate::config;
use crate::media::{Kind, MAX_SIDE};

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255, 255, 255];

/// Stands in the metadata of test pictures, and must never come out.
const SECRET: &[u8] = b"N31.2304 E121.4737";

fn limits() -> config::Media {
    config::Media { max_bytes: 10_485_760, max_pixels: 40_000_000, parallel: 1, unclaimed_hours: 24 }
}

fn take_in(bytes: &[u8]) -> Result<Picture, PictureError> {
    Picture::develop(bytes, Header::read(bytes, &limits())?)
}

/// 64 by 48, a colour in each corner: red and green above, blue and white below.
fn corners() -> RgbImage {
    RgbImage::from_fn(64, 48, |x, y| {
        Rgb(match (x < 32, y < 24) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut file, 95)).unwrap();
    file
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut file = Vec::new();
    image.write_with_encoder(PngEncoder::new(&mut file)).unwrap();
    file
}

fn webp(image: &DynamicImage) -> Vec<u8> {
    let mut file = Vec::new();
    image.write_with_encoder(WebPEncoder::new_lossless(&mut file)).unwrap();
    file
}

/// A TIFF block with the orientation and, behind it, a secret.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0; 4]);
    tiff.extend(SECRET);
    tiff
}

/// The JPEG with an application segment behind its first two bytes.
fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", exif(orientation).as_slice()].concat())
}

fn read_back(picture: &Picture, rendition: Rendition) -> RgbImage {
    image::load_from_memory_with_format(picture.file(rendition), ImageFormat::Jpeg).unwrap().into_rgb8()
}

/// The pure colour nearest to a pixel: JPEG does not keep it exactly.
fn near(pixel: &Rgb<u8>) -> [u8; 3] {
    pixel.0.map(|channel| if channel > 127 { 255 } else { 0 })
}

fn corner_colours(image: &RgbImage) -> [[u8; 3]; 4] {
    let (right, bottom) = (image.width() - 4, image.height() - 4);
    [(3, 3), (right, 3), (3, bottom), (right, bottom)].map(|(x, y)| near(image.get_pixel(x, y)))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_type_is_told_by_its_content_and_becomes_jpeg() {
    let image = DynamicImage::ImageRgb8(corners());
    let files = [(Kind::Jpeg, jpeg(&corners())), (Kind::Png, png(&image)), (Kind::WebP, webp(&image))];
    for (kind, file) in files {
        let picture = take_in(&file).unwrap();
        assert_eq!((picture.header.kind, picture.width, picture.height), (kind, 64, 48));
        for rendition in Rendition::ALL {
            assert_eq!(Kind::of(picture.file(rendition)), Some(Kind::Jpeg));
            assert_eq!(
                corner_colours(&read_back(&picture, rendition)),
                [RED, GREEN, BLUE, WHITE],
                "{kind:?}"
            );
        }
    }
}

#[test]
fn every_depth_of_colour_is_read() {
    let image = DynamicImage::ImageRgb8(RgbImage::from_pixel(400, 300, Rgb([90, 90, 90])));
    let depths = [
        DynamicImage::ImageLuma8(image.to_luma8()),
        DynamicImage::ImageLumaA8(image.to_luma_alpha8()),
        DynamicImage::ImageRgba8(image.to_rgba8()),
        DynamicImage::ImageLuma16(image.to_luma16()),
        DynamicImage::ImageLumaA16(image.to_luma_alpha16()),
        DynamicImage::ImageRgb16(image.to_rgb16()),
        DynamicImage::ImageRgba16(image.to_rgba16()),
    ];
    for image in depths {
        let small = read_back(&take_in(&png(&image)).unwrap(), Rendition::Small);
        assert_eq!(small.dimensions(), (320, 240));
        assert!(small.pixels().all(|pixel| pixel.0.iter().all(|channel| channel.abs_diff(90) <= 2)));
    }
}

#[test]
fn a_photo_is_turned_upright_from_all_eight_orientations() {
    let table = [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
    ];
    for (orientation, upright) in table {
        let picture = take_in(&with_exif(&jpeg(&corners()), orientation)).unwrap();
        let sides = if orientation >= 5 { (48, 64) } else { (64, 48) };
        assert_eq!((picture.width, picture.height), sides, "{orientation}");
        for rendition in Rendition::ALL {
            let image = read_back(&picture, rendition);
            assert_eq!(image.dimensions(), sides, "{orientation}");
            assert_eq!(corner_colours(&image), upright, "{orientation}");
        }
    }
}

#[test]
fn a_png_and_a_webp_are_turned_upright_too() {
    let image = corners();
    let mut files = [Vec::new(), Vec::new()];
    let [png, webp] = &mut files;
    let mut encoder = PngEncoder::new(png);
    encoder.set_exif_metadata(exif(6)).unwrap();
    image.write_with_encoder(encoder).unwrap();
    let mut encoder = WebPEncoder::new_lossless(webp);
    encoder.set_exif_metadata(exif(6)).unwrap();
    image.write_with_encoder(encoder).unwrap();
    for file in files {
        assert!(contains(&file, SECRET));
        let picture = take_in(&file).unwrap();
        assert_eq!(corner_colours(&read_back(&picture, Rendition::Large)), [BLUE, RED, WHITE, GREEN]);
        assert!(Rendition::ALL.iter().all(|rendition| !contains(picture.file(*rendition), SECRET)));
    }
}

#[test]
fn no_metadata_and_no_trailing_byte_comes_through() {
    // given a photo with EXIF, XMP, a colour profile, a comment, and a page behind its end
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat();
    let profile = [b"ICC_PROFILE\0\x01\x01", SECRET].concat();
    let mut file = with_exif(&jpeg(&corners()), 1);
    for (marker, body) in [(0xE1, xmp.as_slice()), (0xE2, &profile), (0xFE, SECRET)] {
        file = with_segment(&file, marker, body);
    }
    file.extend(b"<html><script>alert(1)</script></html>");
    // when it is developed
    let picture = take_in(&file).unwrap();
    // then nothing of that is left
    for rendition in Rendition::ALL {
        let file = picture.file(rendition);
        for part in [SECRET, b"Exif", b"ICC_PROFILE", b"xap", b"<html", b"<script"] {
            assert!(!contains(file, part));
        }
        assert!(file.ends_with(&[0xFF, 0xD9]));
    }
}

#[test]
fn renditions_keep_the_shape_and_are_never_enlarged() {
    let table = [
        ((4000, 3000), (1280, 960), (320, 240)),
        ((3000, 4000), (960, 1280), (240, 320)),
        ((1281, 1281), (1280, 1280), (320, 320)),
        ((1280, 700), (1280, 700), (320, 175)),
        ((321, 200), (321, 200), (320, 199)),
        ((320, 320), (320, 320), (320, 320)),
        ((1, 1), (1, 1), (1, 1)),
        ((20_000, 1), (1280, 1), (320, 1)),
    ];
    for ((width, height), large, small) in table {
        let picture = take_in(&jpeg(&RgbImage::new(width, height))).unwrap();
        assert_eq!((picture.width, picture.height), (width, height));
        assert_eq!(read_back(&picture, Rendition::Large).dimensions(), large);
        assert_eq!(read_back(&picture, Rendition::Small).dimensions(), small);
    }
}

#[test]
fn transparent_parts_turn_white() {
    let mut image = RgbaImage::from_pixel(60, 60, Rgba([0, 0, 0, 0]));
    for x in 30..60 {
        (0..60).for_each(|y| image.put_pixel(x, y, Rgba([255, 0, 0, 255])));
    }
    for file in [png(&image.clone().into()), webp(&image.into())] {
        let picture = take_in(&file).unwrap();
        let image = read_back(&picture, Rendition::Large);
        assert_eq!((near(image.get_pixel(5, 30)), near(image.get_pixel(55, 30))), (WHITE, RED));
    }
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_pretends() {
    let gif_page = b"GIF89a/*<html><script>alert(1)</script>*/";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let avi = b"RIFF\x20\0\0\0AVI LIST";
    for bytes in [
        b"".as_slice(),
        b"a report.jpg",
        gif_page,
        svg,
        heic,
        avi,
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"BM",
        b"II*\0",
    ] {
        assert_eq!(take_in(bytes), Err(PictureError::Unsupported));
    }
}

#[test]
fn a_type_in_name_only_is_broken() {
    for bytes in [
        b"\xFF\xD8\xFF<html>".as_slice(),
        b"\xFF\xD8\xFF\xD9",
        b"\xFF\xD8\xFF",
        b"\x89PNG\r\n\x1a\n<html>",
        b"RIFF\x20\0\0\0WEBP<html>",
    ] {
        assert_eq!(take_in(bytes), Err(PictureError::Broken), "{bytes:?}");
    }
}

#[test]
fn a_cut_picture_is_broken() {
    let image = DynamicImage::ImageRgb8(corners());
    for file in [with_exif(&jpeg(&corners()), 1), png(&image), webp(&image)] {
        let whole = file.len();
        for length in [16, whole / 4, whole / 2, whole * 3 / 4, whole - 20] {
            assert_eq!(take_in(&file[..length]), Err(PictureError::Broken), "{length} of {whole}");
        }
    }
}

#[test]
fn a_changed_byte_never_makes_it_panic() {
    let image = DynamicImage::ImageRgb8(corners());
    for file in [with_exif(&jpeg(&corners()), 6), png(&image), webp(&image)] {
        for at in 0..file.len() {
            for flip in [0x01, 0x80, 0xFF] {
                let mut changed = file.clone();
                changed[at] ^= flip;
                let _ = take_in(&changed);
            }
        }
    }
}

/// A PNG file that only claims its size: a header and hardly anything behind it.
fn png_claiming(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([depth, colour, 0, 0, 0]);
    let check = header.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    });
    let data = b"\0\0\0\0IDAT\x35\xAF\x06\x1E";
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0D", header.as_slice(), &(!check).to_be_bytes(), data].concat()
}

/// A JPEG file that only claims its size.
fn jpeg_claiming(width: u16, height: u16, frame: u8) -> Vec<u8> {
    let mut body = vec![8];
    body.extend(height.to_be_bytes());
    body.extend(width.to_be_bytes());
    body.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    let scan = with_segment(b"\xFF\xD8\xFF\xD9", 0xDA, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    with_segment(&scan, frame, &body)
}

#[test]
fn a_picture_that_claims_too_many_pixels_is_refused_by_its_header() {
    let bombs = [
        png_claiming(8_000, 5_001, 8, 2),
        png_claiming(u32::MAX >> 1, u32::MAX >> 1, 1, 0),
        png_claiming(MAX_SIDE + 1, 1, 8, 0),
        // Within the pixels, but of 16 bits and four channels.
        png_claiming(6_000, 6_000, 16, 6),
        jpeg_claiming(8_000, 5_001, 0xC0),
        jpeg_claiming(65_535, 65_535, 0xC2),
        jpeg_claiming(1, 20_001, 0xC0),
    ];
    for bomb in bombs {
        assert!(bomb.len() < 100);
        assert_eq!(Header::read(&bomb, &limits()), Err(PictureError::TooLarge));
    }
    assert_eq!(Header::read(&jpeg_claiming(0, 9, 0xC0), &limits()), Err(PictureError::Broken));
    assert_eq!(Header::read(&jpeg_claiming(9, 9, 0xC3), &limits()), Err(PictureError::Unsupported));
}

#[test]
fn a_header_tells_the_memory_that_decoding_takes() {
    let memory = |bytes: &[u8]| Header::read(bytes, &limits()).unwrap().memory;
    assert_eq!(memory(&jpeg_claiming(4_000, 3_000, 0xC0)), 36_000_000);
    assert_eq!(memory(&jpeg_claiming(4_000, 3_000, 0xC2)), 108_000_000);
    assert_eq!(memory(&png_claiming(1_000, 1_000, 16, 6)), 8_000_000);
}

#[test]
fn a_picture_that_unfolds_from_little_stays_within_its_pixels() {
    // given 35 megapixels of nothing in some kilobytes
    let file = png(&DynamicImage::new_luma8(7_000, 5_000));
    assert!(file.len() < 200_000);
    // when and then
    let picture = take_in(&file).unwrap();
    assert_eq!(picture.header.memory, 35_000_000);
    assert_eq!(read_back(&picture, Rendition::Large).dimensions(), (1280, 914));
}
