//! Pictures: read, developed, kept as files.
//!
//! Start at [`Darkroom`], which lets in so many at once; [`Header`] decides what is a picture at
//! all, [`Picture`] makes the two renditions, [`Files`] keeps them. Nothing here knows HTTP or SQL.

mod darkroom;
mod files;
mod header;
mod jpeg;
mod picture;
mod rendition;

pub use darkroom::{Admission, Busy, Darkroom, DevelopError};
pub use files::{Files, FilesError};
pub use header::{Header, Kind, MAX_SIDE};
pub use picture::{Picture, PictureError};
pub use rendition::Rendition;
