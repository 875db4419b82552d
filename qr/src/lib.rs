//! What is printed on a poster: the token of a code (码), the link around it, and the QR picture of that link.
//!
//! Pure functions from values to bytes. This crate must not know of requests, storage, clocks or random sources:
//! secrets, ids and sizes come in as arguments. Start reading in `token.rs`.
//!
//! ```
//! use qr::{Level, Matrix, PngOptions, TokenKey, TokenKeys, printable_link};
//!
//! let keys = TokenKeys::new(TokenKey::new('1', &[7; 32])?, [])?;
//! let token = keys.mint([1, 2, 3, 4, 5]);
//! let link = printable_link("https://example.org", &token);
//! let picture = qr::png(&Matrix::encode(&link, Level::Quartile)?, PngOptions::default())?;
//!
//! assert!(picture.starts_with(b"\x89PNG"));
//! assert_eq!(keys.read(&link)?, token);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(test)]
extern crate self as qr;

mod drawing;
mod error;
mod matrix;
mod numbers;
pub mod poster;
mod read_before;
mod reading;
mod token;
mod token_key;
mod token_text;
mod vector;

pub use drawing::{Drawing, Emblem, Look, PngOptions, Rgb, Shape, png, svg};
pub use error::QrError;
pub use matrix::{Level, Matrix};
pub use reading::read_codes;
pub use token::{Token, TokenError, TokenKeys, printable_link, spelling};
pub use token_key::{TokenKey, TokenKeyError};
