//! The demo: the product beside the sandbox in one process, no account, no network. The product does not know it.
//!
//! `stage` sandbox, product and clock · `story` and `day` a school day on the terminal · `school` the demo school ·
//! `driver` who moves its clock ·
//! `extras` the rest of a class · `page` the page in a browser, where one is anybody.

pub mod day;
pub mod driver;
mod extras;
mod kill;
pub mod page;
pub mod school;
pub mod stage;
pub mod story;
pub mod transcript;
mod workbook;
