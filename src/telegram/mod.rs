//! Telegram, the adapter. Features see [`port`] (what jobs may ask), [`screen`] (what people see), [`command`] (what
//! they can do) and [`callback`] (what a button stands for); none of these shows a type of teloxide.
//!
//! `bot` speaks the Bot API, `caller` is the user accounts over MTProto, `routes` brings updates to features, `pace` keeps within Telegram's limits.

mod bot;
pub mod callback;
pub mod caller;
pub mod command;
mod incoming;
pub mod pace;
pub mod port;
mod routes;
pub mod screen;
pub mod store;
pub mod why;

pub use bot::{BAD_TOKEN, Bot, BotMay, Reader, deep_link};
pub use incoming::{parse, schema};
pub use routes::{ANSWERS, BUTTONS, FADING, JOBS, Routes, Telegram, menu_for, put_menus};
pub use why::REASONS;
