//! Two readers that know nothing of each other, and what of a page a phone would show them.
#![allow(dead_code, reason = "not everybody uses all of them")]

use std::io::{Error, Write as _};
use std::process::{Command, Stdio};

use image::{GrayImage, imageops};
use qr::poster::PrintedCode;

/// What a phone shows around a code, in parts of its width.
const AROUND: f32 = 0.1;

/// The part of a printed page around a code, in pixels: from the left, from above, and how wide and high.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a page that is there")]
pub fn view(code: PrintedCode, dpi: u16) -> (u32, u32, u32) {
    let scale = f32::from(dpi) / 25.4;
    let around = code.width_mm * AROUND;
    let pixels = |length: f32| (length.max(0.0) * scale) as u32;
    (pixels(code.left_mm - around), pixels(code.top_mm - around), pixels(code.width_mm + 2.0 * around))
}

/// That part of a page.
pub fn seen(page: &GrayImage, code: PrintedCode, dpi: u16) -> GrayImage {
    let (left, top, width) = view(code, dpi);
    imageops::crop_imm(page, left, top, width, width).to_image()
}

/// The texts of all codes that rqrr finds.
pub fn read_by_rqrr(picture: &GrayImage) -> Vec<String> {
    let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let size = |pixels: u32| usize::try_from(pixels).unwrap_or_default();
    let luma = |x: usize, y: usize| picture.get_pixel_checked(at(x), at(y)).map_or(u8::MAX, |luma| luma.0[0]);
    qr::read_codes(size(picture.width()), size(picture.height()), luma)
}

/// The texts of all codes that zbar finds.
///
/// # Errors
/// The program is not there or fails.
pub fn read_by_zbar(picture: &GrayImage) -> Result<Vec<String>, Error> {
    let mut file = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut file), image::ImageFormat::Png).map_err(Error::other)?;
    let mut zbar = Command::new("zbarimg")
        .args(["--raw", "-q", "--nodbus", "-Sdisable", "-Sqrcode.enable", "png:-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    // Taken, so that the pipe ends.
    zbar.stdin.take().ok_or_else(|| Error::other("no pipe"))?.write_all(&file)?;
    let output = zbar.wait_with_output()?;
    // It fails with 4 when it finds nothing.
    if !matches!(output.status.code(), Some(0 | 4)) {
        return Err(Error::other(format!("zbarimg ended with {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
