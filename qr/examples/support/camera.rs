//! What happens to a printed code on its way into a phone: each of it alone, and all of it a little weaker. Strengths
//! are given in what can be measured on a picture: modules, grey levels, degrees.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, ImageFormat, Luma, imageops};
use imageproc::filter::gaussian_blur_f32;
use imageproc::geometric_transformations::{Border, Interpolation, Projection, rotate_about_center, warp};
use imageproc::noise::gaussian_noise;

/// A phone that scans from ten times the symbol's width has it 150 to 300 pixels wide in a picture of 1080p to 4K;
/// that of 33 modules then has five to ten pixels a module. The worse one is taken.
pub const PIXELS_PER_MODULE: f32 = 5.0;
/// White of paper around what is turned.
const PAPER: Border<Luma<u8>> = Border::Constant(Luma([235]));

/// What a picture suffers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Nothing but the camera's resolution.
    Camera,
    /// Out of focus or shaken: the standard deviation in modules.
    Blur(f32),
    /// Bad light: the standard deviation in grey levels of 256.
    Noise(f64),
    /// A phone held askew, in degrees.
    Rotation(f32),
    /// Seen from the side: how much shorter the far edge is than the near one.
    Perspective(f32),
    /// Compressed by a chat, as JPEG of this quality.
    Jpeg(u8),
    /// Lit from one side: how much darker the far edge is.
    Light(f32),
}

/// The trials, in the order of the table.
pub const TRIALS: &[(&str, &[Fault])] = &[
    ("camera, 5 px a module", &[Fault::Camera]),
    ("blur, sigma 0.3 modules", &[Fault::Blur(0.3)]),
    ("blur, sigma 0.5 modules", &[Fault::Blur(0.5)]),
    ("noise, sigma 16 grey levels", &[Fault::Noise(16.0)]),
    ("rotation by 15°", &[Fault::Rotation(15.0)]),
    ("perspective, far edge 25 % shorter", &[Fault::Perspective(0.25)]),
    ("JPEG of quality 40", &[Fault::Jpeg(40)]),
    ("lighting gradient of 30 %", &[Fault::Light(0.3)]),
    (
        "all together: 30 % gradient, 15°, 10 % perspective, sigma 0.3 modules, sigma 8 levels, JPEG 40",
        &[
            Fault::Light(0.3),
            Fault::Perspective(0.1),
            Fault::Rotation(15.0),
            Fault::Blur(0.3),
            Fault::Noise(8.0),
            Fault::Jpeg(40),
        ],
    ),
];

/// A scanned page whose modules are `module_px` wide as a phone's camera resolves it.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "widths of pictures that are there"
)]
pub fn resolved(page: &GrayImage, module_px: f32) -> GrayImage {
    let scaled = |length: u32| (f64::from(length) * f64::from(PIXELS_PER_MODULE / module_px)).round() as u32;
    imageops::resize(page, scaled(page.width()), scaled(page.height()), imageops::FilterType::Triangle)
}

/// The picture with all these faults; noise is drawn from `seed`.
///
/// # Errors
/// A codec fails.
pub fn suffer(picture: GrayImage, faults: &[Fault], seed: u64) -> image::ImageResult<GrayImage> {
    faults.iter().try_fold(picture, |picture, fault| one(picture, *fault, seed))
}

fn one(picture: GrayImage, fault: Fault, seed: u64) -> image::ImageResult<GrayImage> {
    Ok(match fault {
        Fault::Camera => picture,
        Fault::Blur(modules) => gaussian_blur_f32(&picture, modules * PIXELS_PER_MODULE),
        Fault::Noise(levels) => gaussian_noise(&picture, 0.0, levels, seed),
        Fault::Rotation(degrees) => {
            rotate_about_center(&roomy(&picture), degrees.to_radians(), Interpolation::Bilinear, PAPER)
        }
        Fault::Perspective(shorter) => from_the_side(&roomy(&picture), shorter),
        Fault::Jpeg(quality) => compressed(&picture, quality)?,
        Fault::Light(darker) => lit_from_one_side(picture, darker),
    })
}

/// The same on a larger sheet, so that nothing is cut off when it turns.
fn roomy(picture: &GrayImage) -> GrayImage {
    let around = i64::from(picture.width() / 5);
    let wider = |side: u32| side + 2 * (picture.width() / 5);
    let mut sheet = GrayImage::from_pixel(wider(picture.width()), wider(picture.height()), Luma([235]));
    imageops::overlay(&mut sheet, picture, around, around);
    sheet
}

#[allow(clippy::cast_precision_loss, reason = "widths of pictures that are there")]
fn from_the_side(picture: &GrayImage, shorter: f32) -> GrayImage {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let lost = height * shorter / 2.0;
    // What is farther away is narrower, too.
    let nearer = width * (1.0 - shorter / 2.0);
    let from = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    let to = [(0.0, 0.0), (nearer, lost), (nearer, height - lost), (0.0, height)];
    match Projection::from_control_points(from, to) {
        Some(projection) => warp(picture, projection, Interpolation::Bilinear, PAPER),
        None => GrayImage::new(1, 1),
    }
}

fn compressed(picture: &GrayImage, quality: u8) -> image::ImageResult<GrayImage> {
    let mut file = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality))?;
    Ok(image::load_from_memory_with_format(&file, ImageFormat::Jpeg)?.into_luma8())
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "widths of pictures that are there, and grey levels"
)]
fn lit_from_one_side(mut picture: GrayImage, darker: f32) -> GrayImage {
    let width = picture.width() as f32;
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        let left = 1.0 - darker * x as f32 / width;
        pixel.0 = pixel.0.map(|level| (f32::from(level) * left) as u8);
    }
    picture
}
