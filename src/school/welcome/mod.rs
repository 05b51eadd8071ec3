//! Help, settings, privacy, cancel, ping: what every conversation has.

pub mod chat;
pub mod feature;
pub mod rules;
