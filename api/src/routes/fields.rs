//! Collects what is wrong with the fields of a body, so that all of it is said at once.

use std::ops::RangeInclusive;

use domain::text::TextError;

use crate::error::{ApiError, FieldError};
use crate::service::administration::patch::Patch;

/// The wrong fields found so far.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes a wrong field.
    pub fn wrong(&mut self, pointer: &str, code: &'static str, detail: impl Into<String>) {
        self.0.push(FieldError::new(pointer, code, detail.into()));
    }

    /// Notes a wrong field that is described already.
    pub fn push(&mut self, fault: FieldError) {
        self.0.push(fault);
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
            Err(TextError::NotAPhone) => {
                self.wrong(pointer, "invalid", "电话号码不正确。");
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

    /// Parses a text that may be left as it is, emptied or set; a blank one empties.
    pub fn patch_text<T>(
        &mut self,
        pointer: &str,
        raw: Patch<String>,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Patch<T> {
        match raw {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(text) if text.trim().is_empty() => Patch::Clear,
            Patch::Set(text) => self.text(pointer, &text, parse).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// Parses a text that is changed or not, and can't be emptied.
    pub fn changed_text<T>(
        &mut self,
        pointer: &str,
        raw: Option<&str>,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        self.text(pointer, raw?, parse)
    }

    /// Takes a value that must be there.
    pub fn required<T>(&mut self, pointer: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.wrong(pointer, "required", "缺少必填字段。");
        }
        value
    }

    /// Notes a number out of its range.
    pub fn in_range(&mut self, pointer: &str, value: Option<i32>, range: RangeInclusive<i32>) {
        if value.is_some_and(|value| !range.contains(&value)) {
            self.wrong(pointer, "out_of_range", format!("应为 {} 到 {}。", range.start(), range.end()));
        }
    }

    /// Notes a list of too many items.
    pub fn at_most<T>(&mut self, pointer: &str, items: Option<&Vec<T>>, most: usize) {
        if items.is_some_and(|items| items.len() > most) {
            self.wrong(pointer, "too_many", format!("最多 {most} 项。"));
        }
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
