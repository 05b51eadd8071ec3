//! The features of the school, one folder each.

pub mod roster;
pub mod session;
pub mod workbook;
