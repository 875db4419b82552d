//! Collects what is wrong with the fields of a body, so that all of it is said at once.

use domain::text::TextError;

use crate::error::{ApiError, FieldError};

/// The wrong fields found so far.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes a wrong field.
    pub fn wrong(&mut self, pointer: &str, code: &'static str, detail: impl Into<String>) {
        self.0.push(FieldError::new(pointer, code, detail.into()));
    }

    /// Parses a text that must be there; what is wrong is noted.
    pub fn text<T>(
        &mut self,
        pointer: &str,
        raw: &str,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        match parse(raw) {
            Ok(text) => Some(text),
            Err(TextError::Blank) => {
                self.wrong(pointer, "blank", "不能为空。");
                None
            }
            Err(TextError::TooLong { max }) => {
                self.wrong(pointer, "too_long", format!("最多{max}字。"));
                None
            }
            Err(TextError::ControlCharacter) => {
                self.wrong(pointer, "control_character", "含有无法识别的字符。");
                None
            }
        }
    }

    /// Parses a text that may be missing; an empty one counts as missing.
    pub fn optional_text<T>(
        &mut self,
        pointer: &str,
        raw: Option<&str>,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        let raw = raw.filter(|raw| !raw.trim().is_empty())?;
        self.text(pointer, raw, parse)
    }

    /// The value, if it is there and nothing was wrong anywhere.
    ///
    /// # Errors
    /// All wrong fields.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, ApiError> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(ApiError::invalid(self.0)),
        }
    }

    /// Nothing, if nothing was wrong.
    ///
    /// # Errors
    /// All wrong fields.
    pub fn check(self) -> Result<(), ApiError> {
        self.finish(Some(()))
    }
}
