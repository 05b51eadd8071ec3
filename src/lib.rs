//! Préau: the courtyard of a school, in Telegram.
//!
//! `kernel` words everyone may use · `platform` the machine room, knows no school · `telegram` the adapter ·
//! `connectors` the outside systems, one folder each · `school` the features, one folder each · `sandbox` stand-ins for every outside system, for tests and the demo ·
//! `app` the running program · `cli` the command line.

pub mod app;
pub mod cli;
pub mod connectors;
#[cfg(feature = "sandbox")]
pub mod demo;
pub mod kernel;
pub mod platform;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod school;
pub mod telegram;
