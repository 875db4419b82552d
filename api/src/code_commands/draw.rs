//! `api codes draw`

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use qr::{Look as CodeLook, Rgb, Shape};

use super::{Look, ending};
use crate::service::code_pictures::{self, PictureAsked, PictureForm};
use crate::service::posters::{self, Form, PosterAsked};
use crate::state::AppState;

pub(super) async fn one(
    state: &AppState,
    token: &str,
    file: &Path,
    look: Look,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let form = match ending(file).as_str() {
        "pdf" => Some(Form::Pdf),
        "png" => Some(Form::Png(look.dpi.into())),
        "svg" => None,
        _ => anyhow::bail!("文件名应以 .pdf、.png 或 .svg 结尾"),
    };
    let drawn = match form {
        Some(form) => {
            let (kind, paper) = (look.template.map(Into::into), look.paper.map(Into::into));
            let asked = PosterAsked { kind, paper, margin: look.margin.into(), form };
            posters::draw(state, token, asked).await.context("无法制作海报")?
        }
        None => {
            let (shape, dark): (Shape, Rgb) = (CodeLook::default().shape, CodeLook::default().dark);
            let asked = PictureAsked { form: PictureForm::Svg, shape, dark };
            code_pictures::draw(state, token, asked).await.context("无法绘制二维码")?
        }
    };
    std::fs::write(file, &drawn).with_context(|| format!("无法写入 {}", file.display()))?;
    writeln!(out, "已写入 {}（{} 字节）", file.display(), drawn.len())?;
    Ok(ExitCode::SUCCESS)
}
