//! One binary for all that is tested from outside.

#[cfg(test)]
mod workbook;
