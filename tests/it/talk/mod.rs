//! Conversations: say, read the answer, press, look at the world.

mod agreements;
mod help;
mod joining;
mod strangers;
pub mod timetable;
