//! The audit in words, for admins: `/journal`. It says who did what, when, to whom or what; never the values before and
//! after, which may hold more than a chat should (fingerprints, reasons of an absence).

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod screens;
pub mod sheet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::{At, Lang, Text};

/// The job that sends what was found as a file.
pub const FILE: &str = "journal.file";

/// What is looked for; nothing: everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// What they did, and what was done to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// A word of what was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
}

impl Query {
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// What somebody's words after `/journal` mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    Query(Query),
    /// Several people are called so: id, name.
    Several(Query, Vec<(String, String)>),
    /// Nothing is called so.
    Unknown(String),
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Named(String),
    /// A person of whom nothing is kept any more.
    Gone,
    /// A Telegram account that was nobody's.
    Account,
    /// At the school's machine.
    Machine,
    /// Préau itself.
    Program,
}

/// One entry, as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub at: At,
    pub who: Who,
    pub action: String,
    /// To whom or what: a lesson, a class, a person.
    pub about: Vec<Text>,
}

/// Some of what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub query: Query,
    /// What was looked for, in words.
    pub sought: Vec<Text>,
    pub lines: Vec<Line>,
    pub count: usize,
    pub page: usize,
    pub pages: usize,
}

/// A file that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub account: i64,
    pub lang: Lang,
    pub query: Query,
}
