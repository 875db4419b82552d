//! A matrix as an SVG picture for print shops and large posters: measured in modules, sharp at any size.

use std::fmt::Write as _;

use crate::matrix::Matrix;

/// White modules on each side, as ISO/IEC 18004 asks for.
const QUIET_ZONE: usize = 4;

/// Draws `matrix` as one black path on white; each horizontal run of dark modules is one rectangle of the path.
///
/// The picture has no size of its own: it fills whatever box it is placed in.
pub fn svg(matrix: &Matrix) -> String {
    let side = matrix.side() + 2 * QUIET_ZONE;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d=""##
    );
    for (y, row) in (QUIET_ZONE..).zip(matrix.rows()) {
        let mut x = QUIET_ZONE;
        for run in row.chunk_by(|a, b| a == b) {
            let length = run.len();
            if run.first() == Some(&true) {
                // Writing into a String can't fail.
                let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
            }
            x += length;
        }
    }
    svg.push_str(r#""/></svg>"#);
    svg
}
