//! Reads QR codes out of pictures, as a phone would. Must not know how they were drawn.

use crate::error::QrError;
use crate::matrix::Matrix;

/// The reader wants to see a module as several pixels, and takes longer with every pixel beyond.
const SEEN_PX_PER_MODULE: usize = 4;

/// The texts of all codes that are found in a greyscale picture of `width` × `height` px; `luma` gives the
/// brightness at (x, y). Codes that are found and can't be decoded are left out.
pub fn read_codes(width: usize, height: usize, luma: impl Fn(usize, usize) -> u8) -> Vec<String> {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, luma);
    picture.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

/// Makes sure that modules give their link, without looking for them in a picture, which takes ten times as long.
///
/// # Errors
/// [`QrError::NotReadBack`].
pub(crate) fn confirm_matrix(matrix: &Matrix) -> Result<(), QrError> {
    let rows: Vec<&[bool]> = matrix.rows().collect();
    let is_dark = |x: usize, y: usize| rows.get(y).and_then(|row| row.get(x)).copied().unwrap_or_default();
    let grid = rqrr::SimpleGrid::from_func(matrix.side(), is_dark);
    let read = rqrr::Grid::new(grid).decode();
    if read.is_ok_and(|(_, text)| text == matrix.link()) { Ok(()) } else { Err(QrError::NotReadBack) }
}

/// Makes sure that a drawn square picture, whose modules are `module_px` wide, gives `link` to who scans it.
///
/// It is seen at about four pixels a module, like a poster from some distance: larger ones are sampled, smaller
/// ones magnified.
///
/// # Errors
/// [`QrError::NotReadBack`].
pub(crate) fn confirm(
    link: &str,
    size_px: usize,
    module_px: usize,
    luma: impl Fn(usize, usize) -> u8,
) -> Result<(), QrError> {
    let module_px = module_px.max(1);
    let times = SEEN_PX_PER_MODULE.div_ceil(module_px);
    let step = (module_px / SEEN_PX_PER_MODULE).max(1);
    let seen_px = size_px * times / step;
    let place = |at: usize| at * step / times + step / 2;
    let texts = read_codes(seen_px, seen_px, |x, y| luma(place(x), place(y)));
    if texts.iter().any(|text| text == link) { Ok(()) } else { Err(QrError::NotReadBack) }
}
