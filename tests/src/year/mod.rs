//! A district's life on the test clock: residents report, members answer in time, late or not at all,
//! managers put right what goes wrong, and time goes on. At its end everything must be accounted for.
//!
//! Everybody works through the service's own calls and lists, as the pages do. What happens is drawn from a
//! seed, so that a year that went wrong goes wrong again. Start reading at [`Life::live`]; [`verdict`] says
//! what must be true afterwards.

mod habits;
mod life;
mod office;
mod residents;
mod town;
mod verdict;

pub use life::{Life, Tally, Year};
pub use verdict::check;
