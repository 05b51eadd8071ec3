//! The sheet as a workbook, out of values.
