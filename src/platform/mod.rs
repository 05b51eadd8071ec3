//! The machine room. It knows no school.

pub mod abilities;
pub mod alert;
pub mod apart;
#[cfg(feature = "sandbox")]
pub mod clock_door;
pub mod config;
pub mod http;
pub mod inbox;
pub mod mail;
pub mod outbox;
pub mod schedule;
pub mod store;
pub mod tasks;
pub mod telemetry;
pub mod vault;
pub mod web;
pub mod why;
