//! How a code should look, and what is refused before anything is drawn.

use crate::drawing::colour::Rgb;
use crate::error::QrError;
use crate::matrix::Level;

/// What ISO/IEC 18004 asks for on each side, in modules.
pub(crate) const QUIET_ZONE: u16 = 4;
/// What WCAG 2 asks of text (level AA). Cheap cameras in bad light need no less.
const SMALLEST_CONTRAST: f64 = 4.5;

/// The shape of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Squares without gaps; what every reader knows best.
    #[default]
    Square,
    /// Dots. The three large corners, by which readers find a code, stay square.
    Round,
}

/// Something in the middle of a code: the seal of a committee, the portrait of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Emblem {
    /// A PNG, JPEG or WebP picture; its middle square is shown.
    Image(Vec<u8>),
    /// An SVG document. Only its shapes are kept: no scripts, no texts, no references.
    Svg(String),
}

/// How a code should look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The shape of its modules.
    pub shape: Shape,
    /// The colour of its modules.
    pub dark: Rgb,
    /// The colour of the ground and of the quiet zone.
    pub light: Rgb,
    /// How much damage it survives; with an emblem always [`Level::High`].
    pub level: Level,
    /// Light modules around it.
    pub quiet_zone_modules: u16,
    /// What stands in the middle.
    pub emblem: Option<Emblem>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            shape: Shape::Square,
            dark: Rgb::BLACK,
            light: Rgb::WHITE,
            level: Level::Quartile,
            quiet_zone_modules: QUIET_ZONE,
            emblem: None,
        }
    }
}

impl Look {
    /// The level that the code is encoded at.
    pub(crate) fn needed_level(&self) -> Level {
        if self.emblem.is_some() { Level::High } else { self.level }
    }

    /// # Errors
    /// [`QrError::LowContrast`].
    pub(crate) fn check_contrast(&self) -> Result<(), QrError> {
        let ratio = self.dark.contrast_on(self.light);
        if ratio < SMALLEST_CONTRAST {
            return Err(QrError::LowContrast { ratio, needed: SMALLEST_CONTRAST });
        }
        Ok(())
    }
}
