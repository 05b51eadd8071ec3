//! The features of the school, one folder each.

pub mod workbook;
