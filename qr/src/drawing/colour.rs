//! Colours, and whether two of them can be told apart.

/// A colour of a screen (sRGB): red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Black.
    pub const BLACK: Self = Self(0, 0, 0);
    /// White.
    pub const WHITE: Self = Self(255, 255, 255);

    /// How much lighter `ground` is than this colour: 1 for the same, 21 for black on white, below 1 when it is
    /// darker. The contrast ratio of WCAG 2 (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>), with a direction.
    pub fn contrast_on(self, ground: Self) -> f64 {
        (ground.luminance() + 0.05) / (self.luminance() + 0.05)
    }

    /// Relative luminance of sRGB, 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// The colour `part` steps from this one on the way of `whole` steps to `other`.
    pub(crate) fn towards(self, other: Self, part: u8, whole: u8) -> Self {
        let mix = |from: u8, to: u8| {
            let mixed = (u32::from(from) * u32::from(whole - part.min(whole))
                + u32::from(to) * u32::from(part))
                / u32::from(whole.max(1));
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// What a reader without colours sees, by the weights of ITU-R BT.601.
    pub(crate) fn luma(self) -> u8 {
        let sum = 299 * u32::from(self.0) + 587 * u32::from(self.1) + 114 * u32::from(self.2);
        u8::try_from(sum / 1000).unwrap_or(u8::MAX)
    }

    /// As SVG writes it: `#9b1c1c`.
    pub(crate) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}
