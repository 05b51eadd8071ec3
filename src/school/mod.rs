//! The features of the school, one folder each. A feature may use those listed before it.

pub mod feature;

use crate::telegram::command::Identify;

pub mod approval;
pub mod attendance;
pub mod audit;
pub mod call;
pub mod classroom;
pub mod group;
pub mod journal;
pub mod rights;
pub mod roster;
pub mod session;
pub mod state;
pub mod welcome;
pub mod workbook;

/// Every feature, each one line.
pub const FEATURES: &[&feature::Feature] = &[
    &audit::feature::FEATURE,
    &classroom::feature::FEATURE,
    &roster::feature::FEATURE,
    &approval::feature::FEATURE,
    &session::feature::FEATURE,
    &attendance::feature::FEATURE,
    &call::feature::FEATURE,
    &workbook::feature::FEATURE,
    &group::feature::FEATURE,
    &state::feature::FEATURE,
    &journal::feature::FEATURE,
    &welcome::feature::FEATURE,
];

/// Who an account is: what Telegram's side asks before anything is done.
pub const IDENTIFY: Identify = roster::chat::identify;

/// The job that has admins told of a row that ended dead or in doubt: payload `{ id, at }`, the row and when it did.
pub const TROUBLE: &str = state::TROUBLE;

/// The job that has admins told that something was away (`kernel::absence::Absence`).
pub const ABSENT: &str = state::ABSENT;

/// Kinds of which nobody is told: the telling itself.
pub const UNTOLD: &[&str] = &[state::TROUBLE, state::TELL];
