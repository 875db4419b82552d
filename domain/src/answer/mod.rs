//! The words of an answer: fields that a template leaves open, whether an answer is nothing but its
//! template, and whether it says who does what until when.
//!
//! Start reading at [`unfilled`], the one rule that refuses an answer; all else only remarks on it.

mod check;
mod field;
mod template;

pub use check::{Check, Missing, check};
pub use field::unfilled;
pub use template::{TemplateError, fields, is_only_template};
