//! The store: SQLite embedded, PostgreSQL when a school outgrows one machine. One SQL text for both.
//!
//! [`Db`] holds the typed pools, [`Tx`] one transaction with its moment, its ids and the configuration. The macros
//! [`crate::run!`], [`crate::fetch_all!`], [`crate::fetch_optional!`] expand the same statement per engine;
//! [`crate::statements!`] names statements so that a test can prepare every one on both.

mod alone;
mod backup;
mod copy;
mod lease;
mod log;
mod nightly;
mod open;
mod schema;
mod sealed;
mod sql;
mod tenure;
mod transaction;
mod wall;

pub use alone::{Occupant, alone, is_served, not_moved};
pub use backup::{backup, open_backup, restore};
pub use copy::{Tally, move_to};
pub use lease::{Held, Lease};
pub use nightly::{Failed, Nightly, make as make_nightly};
pub use open::{Database, check_reachable};
pub use schema::{Schema, look};
pub use sql::{Affected, around_values, code_of, store_error};
pub use tenure::{Leader, Tenure};
pub use transaction::{Connection, Db, Probe, Tx};
pub use wall::{correct_wall, keep_wall};

/// What an outage says of a database that another program holds; what holds it stands before it.
pub const IN_USE: &str = " is in use by another preau; stop it first";
/// What an outage says of a database that is moved or restored.
pub const MOVED: &str = "it is being moved or restored by another preau";

/// The platform's own statements (leases; who is at work), for the test that prepares all of them.
pub const STATEMENTS: [&[(&str, &str)]; 2] = [lease::STATEMENTS, alone::STATEMENTS];
