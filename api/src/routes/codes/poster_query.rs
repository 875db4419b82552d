//! How a poster is asked for, and why there is none.

use qr::QrError;
use qr::poster::{PosterError, Resolution};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{ApiError, ErrorCode, FieldError};
use crate::printing::PrintError;
use crate::service::poster_look::{PosterMargin, PosterPaper, PosterTemplate};
use crate::service::posters::{Form, PosterAsked, PosterFailure};

/// When whoever came while too many were drawn should come back.
const RETRY_AFTER: std::time::Duration = std::time::Duration::from_secs(5);

/// Pixels an inch when nothing is said.
const USUAL_DPI: u16 = 150;

/// Which poster is wanted, and how it is printed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PosterQuery {
    /// Which one; a station's code has `station` when nothing is said, a member's `member-card`.
    #[param(inline)]
    template: Option<PosterTemplate>,
    /// What it is printed on; A4 when nothing is said. A member's card has a size of its own.
    #[param(inline)]
    paper: Option<PosterPaper>,
    /// What is added for who cuts it.
    #[param(inline)]
    margin: Option<PosterMargin>,
    /// Pixels an inch of a picture, 36 to 600; 150 when nothing is said.
    dpi: Option<u16>,
    /// Pixels from left to right of a picture, instead of `dpi`.
    size: Option<u16>,
}

impl PosterQuery {
    pub(super) fn pdf(&self) -> PosterAsked {
        self.asked(Form::Pdf)
    }

    /// # Errors
    /// Both ways to say how large.
    pub(super) fn png(&self) -> Result<PosterAsked, ApiError> {
        let resolution = match (self.dpi, self.size) {
            (Some(_), Some(_)) => {
                return Err(wrong("size", "invalid", "size 和 dpi 只能给出一个。".to_owned()));
            }
            (dpi, None) => Resolution::Dpi(dpi.unwrap_or(USUAL_DPI)),
            (None, Some(px)) => Resolution::WidthPx(px),
        };
        Ok(self.asked(Form::Png(resolution)))
    }

    fn asked(&self, form: Form) -> PosterAsked {
        PosterAsked {
            kind: self.template.map(Into::into),
            paper: self.paper.map(Into::into),
            margin: self.margin.unwrap_or_default().into(),
            form,
        }
    }
}

impl From<PosterFailure> for ApiError {
    fn from(failure: PosterFailure) -> Self {
        match failure {
            PosterFailure::Code(error) => error.into(),
            PosterFailure::NotForThisCode => {
                wrong("template", "not_for_this_code", "委员名片只能用委员的二维码制作。".to_owned())
            }
            PosterFailure::Print(PrintError::Poster(error)) => refused(error),
            PosterFailure::Print(error) => {
                Self::new(ErrorCode::Unavailable).retry_after(RETRY_AFTER).source(error)
            }
            PosterFailure::Portrait(error) => Self::new(ErrorCode::Unavailable).source(error),
            PosterFailure::Store(error) => error.into(),
        }
    }
}

fn refused(error: PosterError) -> ApiError {
    match error {
        PosterError::WrongPaper { .. } => {
            wrong("paper", "not_for_this_template", "这种海报不能用这种纸打印。".to_owned())
        }
        PosterError::CodeTooSmall { symbol_mm, .. } => {
            let detail =
                format!("印在这种纸上，二维码只有 {symbol_mm:.0} 毫米宽，手机不易识别，请选大一些的纸。");
            wrong("paper", "code_too_small", detail)
        }
        PosterError::BadResolution { resolution: Resolution::WidthPx(_) } => {
            wrong("size", "out_of_range", "图片太小或太大：这种纸每英寸应有 36 到 600 像素。".to_owned())
        }
        PosterError::BadResolution { resolution: Resolution::Dpi(_) } => {
            wrong("dpi", "out_of_range", "清晰度应为 36 到 600，大幅海报请选小一些。".to_owned())
        }
        PosterError::NoGlyph { character } => {
            let detail = format!("名称或地址中的“{character}”无法打印：服务器没有相应的字体。");
            ApiError::new(ErrorCode::Unavailable).detail(detail).source(error)
        }
        PosterError::NoChineseFont => {
            let detail = "服务器没有安装中文字体，暂时不能制作海报，请联系管理员。".to_owned();
            ApiError::new(ErrorCode::Unavailable).detail(detail).source(error)
        }
        PosterError::Code(QrError::SizeTooSmall { .. }) => {
            wrong("dpi", "out_of_range", "清晰度太低，二维码无法识别。".to_owned())
        }
        PosterError::BadFont { .. }
        | PosterError::BadTemplate { .. }
        | PosterError::PictureTooSmall { .. }
        | PosterError::Png(_)
        | PosterError::Code(_)
        | PosterError::Write(_) => ApiError::new(ErrorCode::Internal).source(error),
    }
}

fn wrong(field: &'static str, code: &'static str, detail: String) -> ApiError {
    ApiError::invalid(vec![FieldError::new(field, code, detail)])
}
