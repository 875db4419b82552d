//! How the picture of a code should look, and why there is none.

use qr::{QrError, Rgb, Shape};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::service::code_pictures::{PictureAsked, PictureFailure, PictureForm};

/// The shape of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleShape {
    /// Squares.
    #[default]
    Square,
    /// Dots; the three large corners stay square.
    Round,
}

/// How the picture should look.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LookQuery {
    /// The shape of its modules.
    #[param(inline)]
    shape: Option<ModuleShape>,
    /// The colour of its modules, as `8f1d1d`; it must be dark enough for phones.
    dark: Option<String>,
}

impl LookQuery {
    /// # Errors
    /// The colour is none.
    pub(super) fn asked(&self, form: PictureForm) -> Result<PictureAsked, ApiError> {
        let shape = match self.shape.unwrap_or_default() {
            ModuleShape::Square => Shape::Square,
            ModuleShape::Round => Shape::Round,
        };
        let dark = match &self.dark {
            None => Rgb::BLACK,
            Some(text) => {
                colour(text).ok_or_else(|| wrong("dark", "invalid", "颜色应为六位十六进制数，如 8f1d1d。"))?
            }
        };
        Ok(PictureAsked { form, shape, dark })
    }
}

/// A colour in six hexadecimal digits.
fn colour(text: &str) -> Option<Rgb> {
    let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let [_, red, green, blue] = u32::from_str_radix(text, 16).ok().filter(|_| digits)?.to_be_bytes();
    Some(Rgb(red, green, blue))
}

impl From<PictureFailure> for ApiError {
    fn from(failure: PictureFailure) -> Self {
        match failure {
            PictureFailure::Code(error) => error.into(),
            PictureFailure::Drawing(QrError::SizeOutOfRange { .. } | QrError::SizeTooSmall { .. }) => {
                wrong("size", "out_of_range", "图片边长应为 64 到 2048 像素。")
            }
            PictureFailure::Drawing(QrError::LowContrast { .. }) => {
                wrong("dark", "too_light", "颜色太浅，手机不易识别，请选深一些的颜色。")
            }
            error @ (PictureFailure::Drawing(_) | PictureFailure::Panicked(_)) => {
                Self::new(ErrorCode::Internal).source(error)
            }
        }
    }
}

fn wrong(field: &'static str, code: &'static str, detail: &'static str) -> ApiError {
    ApiError::invalid(vec![FieldError::new(field, code, detail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_six_digits() {
        assert_eq!(colour("8f1D1d"), Some(Rgb(0x8f, 0x1d, 0x1d)));
        for text in ["", "8f1d1", "8f1d1d0", "+f1d1d", "#8f1d1", "红色"] {
            assert_eq!(colour(text), None, "{text}");
        }
    }
}
