//! The demo: the product beside the sandbox in one process, no account, no network. The product does not know it.

pub mod day;
pub mod stage;
pub mod story;
pub mod transcript;
mod workbook;
