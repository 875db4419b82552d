//! What a 512 px picture costs, step by step, in CPU time of one thread: the matrix by `qrcode`, the PNG file, and
//! reading it again. `cargo run --release -p qr --example drawing_cost` prints one line for each.

use std::io::Write as _;

use qr::{Drawing, Level, Look, Matrix};
use rustix::time::{ClockId, clock_gettime};

const ROUNDS: u32 = 400;
/// Rounds that are counted together; the median of them is printed.
const ROUNDS_TOGETHER: u32 = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let link = "https://code.example.cn/c/1ABCDEFGH0123456";
    let drawing = Drawing::new(link, Look { level: Level::Quartile, ..Look::default() })?;
    let matrix = median_us(|| Matrix::encode(link, Level::Quartile).map(|matrix| matrix.side()))?;
    let file = median_us(|| drawing.write_png(512).map(|file| file.len()))?;
    let checked = median_us(|| drawing.png(512).map(|file| file.len()))?;
    let svg = median_us(|| drawing.svg().map(|file| file.len()))?;

    let mut out = std::io::stdout().lock();
    writeln!(out, "link of {} bytes at level Q: {} modules", link.len(), drawing.matrix().side())?;
    writeln!(out, "matrix (qrcode)           {matrix:8.1} us")?;
    writeln!(out, "PNG file, 512 px          {file:8.1} us  {} bytes", drawing.write_png(512)?.len())?;
    writeln!(out, "PNG file and read again   {checked:8.1} us")?;
    writeln!(out, "SVG and read again        {svg:8.1} us  {} bytes", drawing.svg()?.len())?;
    writeln!(out, "PNG file / matrix         {:8.3}", file / matrix)?;
    Ok(())
}

/// The median cost of one call in microseconds of CPU time.
fn median_us<E>(mut call: impl FnMut() -> Result<usize, E>) -> Result<f64, E> {
    let mut samples = Vec::new();
    for _ in 0..ROUNDS / ROUNDS_TOGETHER {
        let before = cpu_us();
        for _ in 0..ROUNDS_TOGETHER {
            std::hint::black_box(call()?);
        }
        samples.push((cpu_us() - before) / f64::from(ROUNDS_TOGETHER));
    }
    samples.sort_by(f64::total_cmp);
    Ok(samples.get(samples.len() / 2).copied().unwrap_or_default())
}

#[allow(clippy::cast_precision_loss, reason = "a run takes seconds, which microseconds count exactly")]
fn cpu_us() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e6 + now.tv_nsec as f64 / 1e3
}
