//! Pictures for stories, made here.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// Red above, blue below.
pub fn two_colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| Rgb(if y < height / 2 { [255, 0, 0] } else { [0, 0, 255] }))
}

/// The same as PNG.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

/// The same as JPEG.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Jpeg)
}

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    two_colours(width, height).write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A JPEG as a phone sends it: taken on its side, with the place where it was taken.
pub fn photo_with_place(width: u32, height: u32, orientation: u8, place: &[u8]) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0; 4]);
    tiff.extend(place);
    let segment = [b"Exif\0\0", tiff.as_slice()].concat();
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    let photo = jpeg(width, height);
    [&photo[..2], &[0xFF, 0xE1], &length, &segment, &photo[2..]].concat()
}

/// A PNG of a few hundred bytes that claims this size, as one grey or as four deep colours a pixel.
pub fn bomb(width: u32, height: u32, deep: bool) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let (depth, kind) = if deep { (16, 6) } else { (8, 0) };
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(&mut file, b"IHDR", &[size.as_slice(), &[depth, kind, 0, 0, 0]].concat());
    // An empty zlib stream: there is not one pixel behind the claim.
    chunk(&mut file, b"IDAT", &[0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    let named = [name.as_slice(), data].concat();
    file.extend(&named);
    file.extend(crc32(&named).to_be_bytes());
}

/// The checksum of a PNG chunk (ISO 15948, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}
