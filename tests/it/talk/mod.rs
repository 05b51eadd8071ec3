//! Conversations: say, read the answer, press, look at the world.

mod agreements;
mod day;
mod groups;
mod help;
mod joining;
mod notices;
mod school;
mod sheet;
mod state;
mod strangers;
pub mod timetable;
mod timetable_words;
