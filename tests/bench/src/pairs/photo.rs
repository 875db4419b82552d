//! A photo of 12 megapixels is taken in: alone, and many at once beside people who scan.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

use super::soak::mib;
use crate::cpu::{Watched, forget_peak, memory};
use crate::district::District;
use crate::load::{Load, get, post};
use crate::report::{Report, median, micros_each};

/// Photos one after the other, and at once.
const ALONE: u64 = 6;
const AT_ONCE: usize = 16;

/// EXIF that says "turn me by 90 degrees", as phones write it.
const EXIF: &[u8] =
    b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

/// The figures.
pub(crate) async fn run(district: &District, report: &mut Report, rounds: usize) -> anyhow::Result<()> {
    let photo = photo()?;
    Report::say(&format!("\n== a photo of 12 megapixels, {:.1} MB", photo.len() as f64 / 1e6))?;
    let service = district.serve("")?;
    let code = district.codes(service.port).await?.into_iter().next().unwrap_or_default();
    let body: Arc<[u8]> = [
        b"--bench\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n".as_slice(),
        b"Content-Type: image/jpeg\r\n\r\n",
        &photo,
        b"\r\n--bench--\r\n",
    ]
    .concat()
    .into();
    let port = service.port;
    let requests = Arc::new(move |number: u64| {
        let headers = format!("Idempotency-Key: photo-{port}-{number}\r\n");
        post("/api/v1/uploads", &headers, "multipart/form-data; boundary=bench", &body)
    });
    let load = Load { port, connections: 1, status: 201, requests };

    let calm = memory(service.pid)?.resident;
    let mut each = Vec::new();
    let mut next = 0;
    for _ in 0..rounds {
        let watched = Watched::Alone(service.pid);
        let before = watched.cpu()?;
        load.run(next, ALONE).await?;
        next += ALONE;
        each.push(micros_each(watched.cpu()? - before, ALONE) / 1e3);
    }
    report.target("CPU time of one photo", median(each), 270.0, " ms")?;
    let extra = memory(service.pid)?.peak.saturating_sub(calm);
    report.target("memory above the calm service, one at a time", mib(extra), 64.0, " MiB")?;

    let scan: Bytes = get(&format!("/api/v1/codes/{code}"), "");
    let scans = Load { port, connections: 4, status: 200, requests: Arc::new(move |_: u64| scan.clone()) };
    let quiet = scans.run(0, 5_000).await?;
    forget_peak(service.pid)?;
    let many = Load { connections: AT_ONCE, ..load };
    let done = AtomicBool::new(false);
    let flood = async {
        let run = many.run(next, AT_ONCE as u64 * 2).await;
        done.store(true, Ordering::Relaxed);
        run
    };
    let meanwhile = async {
        let mut worst = Vec::new();
        while !done.load(Ordering::Relaxed) {
            worst.push(scans.run(0, 200).await?.percentile(99).as_secs_f64() * 1e3);
        }
        anyhow::Ok(median(worst))
    };
    let (flood, p99) = tokio::join!(flood, meanwhile);
    let peak = memory(service.pid)?.peak.saturating_sub(calm);
    Report::figure(&format!("{AT_ONCE} at once: photos a second"), flood?.per_second(), "")?;
    Report::figure(&format!("{AT_ONCE} at once: memory above the calm service"), mib(peak), " MiB")?;
    Report::figure("a scan without photos, p99", quiet.percentile(99).as_secs_f64() * 1e3, " ms")?;
    Report::figure(&format!("a scan while {AT_ONCE} photos come, p99"), p99?, " ms")?;
    service.stop()
}

/// A street as a phone would see it: surfaces with edges, texture and a little noise.
fn photo() -> anyhow::Result<Vec<u8>> {
    let mut seed = 0x2545_f491_u32;
    let picture = RgbImage::from_fn(4000, 3000, |x, y| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        let noise = seed % 9;
        let surface = (x / 190 * 37 + y / 140 * 91) % 150;
        let texture = (x * 3 + y * 5) / 16 % 24 + (x ^ y) / 64 % 16;
        let level = |tint: u32| u8::try_from((surface + texture + noise + tint).min(255)).unwrap_or(u8::MAX);
        Rgb([level(20), level(35 + y / 100), level(10 + x / 100)])
    });
    let mut file = Vec::new();
    let encoder = &mut JpegEncoder::new_with_quality(&mut file, 90);
    encoder.encode(&picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)?;
    file.splice(2..2, EXIF.iter().copied());
    Ok(file)
}
