//! The pixels of a code: two colours, shades between them for dots, or all colours around an emblem.

use crate::drawing::emblem::Prepared;
use crate::drawing::grid::{Grid, emblem_box, is_corner};
use crate::drawing::look::Shape;
use crate::drawing::{Drawing, Rgb};
use crate::error::QrError;

/// The lightest shade; 0 is the darkest. Four bits a pixel.
pub(crate) const LIGHTEST: u8 = 15;
/// Each pixel of a dot is looked at in so many places along each side.
const SAMPLES: usize = 4;

/// One shade for each pixel, row by row.
pub(crate) fn shades(drawing: &Drawing, grid: Grid) -> Vec<u8> {
    let Grid { size_px, module_px, margin_px } = grid;
    let side = drawing.matrix.side();
    let square = vec![0; module_px];
    let dot = dot(module_px);
    let mut shades = Vec::with_capacity(size_px * size_px);
    shades.resize(size_px * margin_px, LIGHTEST);
    for (y, modules) in drawing.modules().enumerate() {
        for line in 0..module_px {
            let start = shades.len();
            shades.resize(start + margin_px, LIGHTEST);
            for (x, dark) in modules.iter().enumerate() {
                let round = drawing.look.shape == Shape::Round && !is_corner(side, x, y);
                let stamp = if round { dot.get(line) } else { Some(&square) };
                match stamp {
                    Some(stamp) if *dark => shades.extend_from_slice(stamp),
                    _ => shades.resize(shades.len() + module_px, LIGHTEST),
                }
            }
            shades.resize(start + size_px, LIGHTEST);
        }
    }
    shades.resize(size_px * size_px, LIGHTEST);
    shades
}

/// The shades of one round module, line by line.
fn dot(module_px: usize) -> Vec<Vec<u8>> {
    // In half samples, so that the middle of the module and of each sample are whole numbers.
    let middle = module_px * SAMPLES;
    let places = |pixel: usize| (0..SAMPLES).map(move |sample| 2 * (pixel * SAMPLES + sample) + 1);
    let shade = |x: usize, y: usize| {
        let inside = places(y)
            .flat_map(|down| places(x).map(move |right| (right, down)))
            .filter(|(right, down)| {
                right.abs_diff(middle).pow(2) + down.abs_diff(middle).pow(2) <= middle.pow(2)
            })
            .count();
        let covered = inside * usize::from(LIGHTEST) / (SAMPLES * SAMPLES);
        LIGHTEST - u8::try_from(covered).unwrap_or(LIGHTEST)
    };
    (0..module_px).map(|y| (0..module_px).map(|x| shade(x, y)).collect()).collect()
}

/// Red, green and blue of each pixel, with the emblem in the middle.
///
/// # Errors
/// [`QrError::Emblem`].
pub(crate) fn colours(drawing: &Drawing, grid: Grid, emblem: &Prepared) -> Result<Vec<u8>, QrError> {
    let mut pixels: Vec<u8> = shades(drawing, grid)
        .into_iter()
        .flat_map(|shade| {
            let Rgb(red, green, blue) = drawing.shade(shade);
            [red, green, blue]
        })
        .collect();
    let (first, width) = emblem_box(drawing.matrix.side());
    // Half a module stays free on each side of it.
    let left = grid.margin_px + first * grid.module_px + grid.module_px / 2;
    let width_px = (width - 1) * grid.module_px;
    let picture = emblem.pixels(u32::try_from(width_px).unwrap_or(1))?;
    for (line, row) in picture.rows().enumerate() {
        let start = 3 * ((left + line) * grid.size_px + left);
        let target = pixels.get_mut(start..start + 3 * width_px).unwrap_or_default();
        for (pixel, image::Rgba([red, green, blue, alpha])) in target.chunks_exact_mut(3).zip(row) {
            let ground = drawing.look.light;
            let Rgb(red, green, blue) = ground.towards(Rgb(*red, *green, *blue), *alpha, u8::MAX);
            pixel.copy_from_slice(&[red, green, blue]);
        }
    }
    Ok(pixels)
}
