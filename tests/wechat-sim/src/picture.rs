//! Draws what stands for WeChat's codes: a round picture whose dots follow from what it says. It can be
//! looked at and decoded as a picture; no camera reads it.

use std::io::Cursor;

use aws_lc_rs::digest;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

/// Dots in a row.
const DOTS: u32 = 24;

/// A picture as a file, and its type.
pub(crate) struct Picture {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Draws a code of this side in pixels; on transparent ground as PNG, else on white as JPEG.
pub(crate) fn draw(says: &str, side: u32, transparent: bool) -> Picture {
    let hash = digest::digest(&digest::SHA512, says.as_bytes());
    let bits: Vec<bool> =
        hash.as_ref().iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).collect();
    let ground = if transparent { Rgba([255, 255, 255, 0]) } else { Rgba([255; 4]) };
    let cell = (side / DOTS).max(1);
    let middle = i64::from(side) / 2;
    let drawn = RgbaImage::from_fn(side, side, |x, y| {
        let (dx, dy) = (i64::from(x) - middle, i64::from(y) - middle);
        let dot = (y / cell * DOTS + x / cell) as usize;
        let dark = bits.get(dot % bits.len().max(1)).copied().unwrap_or_default();
        if dark && dx * dx + dy * dy < middle * middle { Rgba([0, 0, 0, 255]) } else { ground }
    });
    let picture = DynamicImage::ImageRgba8(drawn);
    let (picture, format, content_type) = if transparent {
        (picture, ImageFormat::Png, "image/png")
    } else {
        (DynamicImage::ImageRgb8(picture.to_rgb8()), ImageFormat::Jpeg, "image/jpeg")
    };
    let mut file = Cursor::new(Vec::new());
    // Writing into memory fails for sides of nothing only, which no API asks for.
    let bytes = picture.write_to(&mut file, format).map(|()| file.into_inner()).unwrap_or_default();
    Picture { content_type, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_picture_of_its_side_and_says_something() {
        for (transparent, format) in [(false, ImageFormat::Jpeg), (true, ImageFormat::Png)] {
            let one = draw("a", 280, transparent);
            assert_eq!(image::guess_format(&one.bytes).unwrap(), format);
            let decoded = image::load_from_memory(&one.bytes).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (280, 280));
            assert_ne!(one.bytes, draw("b", 280, transparent).bytes);
        }
    }
}
