//! Words that everyone may use. Imports nothing of ours, does no I/O.
//!
//! `clock` three readings of time · `time` the school's time zone and how hours are read and said · `id` identifiers
//! and tokens · `absence` how long something was away · `error` refusal, outage, fault · `text` Fluent messages and
//! names · `secret` hashes of what is secret · `words` words that many hold at once.

pub mod absence;
pub mod clock;
pub mod error;
pub mod id;
pub mod secret;
pub mod text;
pub mod time;
pub mod words;

pub use clock::{At, Clock};
pub use error::{Error, Refusal, Result};
pub use text::{Lang, Text};
pub use words::Words;
