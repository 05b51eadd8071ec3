//! Conversations: say, read the answer, press, look at the world.

mod adapter;
mod agreements;
mod callers;
mod calls;
mod day;
mod groups;
mod groups_made;
mod help;
mod joining;
mod mailed;
mod menus;
mod notices;
mod pace;
mod places;
mod polling;
mod presses;
pub mod school;
mod sheet;
mod sorry;
mod staff;
mod state;
mod strangers;
pub mod timetable;
mod timetable_words;
mod why;
mod zones;
