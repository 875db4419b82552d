//! The rules of the service, pure: no HTTP, no SQL, no clock, no random source, no async.
//!
//! Start reading at [`case`]: what a case is, which actions change it, who may do them.
//! [`routing`] chooses who gets a new one, [`deadline`] says how late it is, [`reception`] on which days
//! residents may come, [`answer`] looks over what is written to them, [`role`] says who may do what,
//! [`text`] what people may write, [`search`] how it is found again, [`figures`] what of all that is counted,
//! [`content`] what is looked at before others read it, [`message`] what may leave the service.

pub mod answer;
pub mod audit;
pub mod calendar;
pub mod case;
pub mod content;
pub mod deadline;
pub mod figures;
pub mod geo;
pub mod ids;
pub mod message;
pub mod reception;
pub mod role;
pub mod routing;
pub mod scans;
pub mod search;
pub mod text;
pub mod vocabulary;
