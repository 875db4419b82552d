//! What is measured, one file a part.

pub(crate) mod growth;
pub(crate) mod intake;
pub(crate) mod list;
pub(crate) mod photo;
pub(crate) mod scan;
pub(crate) mod soak;
pub(crate) mod start;
