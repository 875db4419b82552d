//! Draws a QR code for a terminal: two rows of modules in one line of half blocks.
//!
//! Black on white whatever the terminal's own colours are, since many scanners refuse the inverse.

use qr::Matrix;

/// Light modules on each side (ISO/IEC 18004 asks for four).
const QUIET_ZONE: usize = 4;
/// Black on white out of the colour cube, which themes leave alone; and back.
const BLACK_ON_WHITE: &str = "\u{1b}[38;5;16;48;5;231m";
const RESET: &str = "\u{1b}[0m";

/// The picture, line by line, each ended by a line break.
#[must_use]
pub fn draw(matrix: &Matrix) -> String {
    let width = matrix.side() + 2 * QUIET_ZONE;
    let light = || std::iter::repeat_n(vec![false; width], QUIET_ZONE);
    let framed = matrix.rows().map(|row| {
        let side = [false; QUIET_ZONE];
        [&side, row, &side].concat()
    });
    let rows: Vec<Vec<bool>> = light().chain(framed).chain(light()).collect();
    let mut picture = String::new();
    for pair in rows.chunks(2) {
        let (upper, lower) = (pair.first(), pair.get(1));
        let is_dark = |row: Option<&Vec<bool>>, x| row.and_then(|row| row.get(x)).copied().unwrap_or(false);
        picture.push_str(BLACK_ON_WHITE);
        picture.extend((0..width).map(|x| match (is_dark(upper, x), is_dark(lower, x)) {
            (false, false) => ' ',
            (true, false) => '▀',
            (false, true) => '▄',
            (true, true) => '█',
        }));
        picture.push_str(RESET);
        picture.push('\n');
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules back from the characters.
    fn read(picture: &str) -> Vec<Vec<bool>> {
        let mut rows = Vec::new();
        for line in picture.lines() {
            let line = line.strip_prefix(BLACK_ON_WHITE).unwrap().strip_suffix(RESET).unwrap();
            rows.push(line.chars().map(|c| matches!(c, '▀' | '█')).collect());
            rows.push(line.chars().map(|c| matches!(c, '▄' | '█')).collect());
        }
        rows
    }

    #[test]
    fn the_picture_holds_the_modules_within_a_quiet_zone() {
        let matrix = Matrix::encode("https://m.example.org/c/A0000000000000000", qr::Level::Low).unwrap();
        let rows = read(&draw(&matrix));
        let (frame, side) = (QUIET_ZONE, matrix.side());
        for (y, row) in matrix.rows().enumerate() {
            assert_eq!(&rows[y + frame][frame..frame + side], row);
        }
        let dark_outside = rows.iter().enumerate().any(|(y, row)| {
            row.iter().enumerate().any(|(x, dark)| {
                *dark && !((frame..frame + side).contains(&x) && (frame..frame + side).contains(&y))
            })
        });
        assert!(!dark_outside);
        assert!(rows.iter().all(|row| row.len() == side + 2 * frame));
    }
}
