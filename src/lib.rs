//! Préau: the courtyard of a school, in Telegram.

pub mod kernel;
