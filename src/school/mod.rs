//! The features of the school, one folder each. A feature may use those listed before it.

pub mod feature;

pub mod approval;
pub mod attendance;
pub mod audit;
pub mod classroom;
pub mod roster;
pub mod session;
pub mod welcome;
pub mod workbook;

/// Every feature, each one line.
pub const FEATURES: &[&feature::Feature] = &[&audit::feature::FEATURE];
