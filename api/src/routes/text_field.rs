//! Reads a text of a body into its type of the domain, naming the field at fault.

use domain::text::TextError;

use crate::error::FieldError;

/// The text, or what is wrong with the field.
pub fn read<T>(
    pointer: &'static str,
    raw: &str,
    parse: impl FnOnce(&str) -> Result<T, TextError>,
) -> Result<T, FieldError> {
    parse(raw).map_err(|error| match error {
        TextError::Blank => FieldError::new(pointer, "blank", "请填写内容。"),
        TextError::TooLong { max } => FieldError::new(pointer, "too_long", format!("最多 {max} 个字。")),
        TextError::ControlCharacter => FieldError::new(pointer, "invalid", "含有不能使用的字符。"),
    })
}

/// The same for a field that may be absent.
pub fn read_optional<T>(
    pointer: &'static str,
    raw: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, TextError>,
) -> Result<Option<T>, FieldError> {
    raw.map(|raw| read(pointer, raw, parse)).transpose()
}
