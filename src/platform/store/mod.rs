//! The store: SQLite embedded, PostgreSQL when a school outgrows one machine. One SQL text for both.
//!
//! [`Db`] holds the typed pools, [`Tx`] one transaction with its moment, its ids and the configuration. The macros
//! [`crate::run!`], [`crate::fetch_all!`], [`crate::fetch_optional!`] expand the same statement per engine;
//! [`crate::statements!`] names statements so that a test can prepare every one on both.

mod lease;
mod open;
mod sql;
mod transaction;

pub use lease::{Held, Lease};
pub use open::{Database, check_reachable};
pub use sql::{Affected, store_error};
pub use transaction::{Connection, Db, Probe, Tx};

/// The platform's own statements (leases), for the test that prepares all of them.
pub const STATEMENTS: &[(&str, &str)] = lease::STATEMENTS;
