//! Messages that leave the service: which kinds there are, which of them may come at night, and how a
//! value must look so that WeChat takes it. Knows nothing of accounts, templates or the network.
//!
//! Start reading at [`MessageKind`]; [`value`] has the limits of each type of field.

mod kind;
mod quiet;
mod value;

pub use kind::{MessageKind, kind_of_event};
pub use quiet::QuietHours;
pub use value::{FieldKey, Value, ValueType, format, one_of};
