//! How Préau itself is: the health card of `/etat`, and what admins are told of effects that ended badly.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod page;
pub mod rules;
pub mod screens;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::absence::Absence;
use crate::kernel::time::Zone;
use crate::kernel::{At, Text};
use crate::school::roster::Role;

/// The job that gathers rows that ended badly and has admins told.
pub const TROUBLE: &str = "state.trouble";
/// The message to one admin.
pub const TELL: &str = "state.tell";
/// The message to one admin after a backup came back.
pub const RESTORED: &str = "state.restored";

/// The job that has admins told that something was away.
pub const ABSENT: &str = "state.absent";

/// A row that ended badly, as `app` names it: the row, and the machine time at which it ended so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    pub id: String,
    pub at: At,
}

/// How an effect ended, or how it stands when it is overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The answer was lost: it may have happened.
    Doubt,
    /// Its moment was over before it could happen.
    Missed,
    /// It was tried out.
    Failed,
    /// It is overdue and not given up: it is tried again at this moment.
    Again(At),
    /// Overdue: it was asked to wait until then.
    Turn(At),
    /// Overdue: it is being tried, or waits for what goes before it.
    Queued,
}

impl Ended {
    /// Is it over, so that somebody decides what becomes of it?
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Doubt | Self::Missed | Self::Failed)
    }
}

/// The session that an effect was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    pub class: String,
    pub subject: String,
    pub start: At,
}

/// An effect that ended badly, or is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub id: String,
    pub kind: String,
    pub ended: Ended,
    pub due: At,
    pub lesson: Option<Lesson>,
    /// Is doing it again still of use?
    pub retry: bool,
}

/// A message to one admin about rows that ended badly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tell {
    pub account: i64,
    pub rows: Vec<String>,
}

/// What is not sent any more after a backup came back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    pub reminders: i64,
    pub others: i64,
    /// They were on their way when the backup was made.
    pub doubts: i64,
}

impl HeldBack {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Tells one admin of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellHeldBack {
    pub account: i64,
    pub held_back: HeldBack,
}

/// What a button stands for: the row, and the rows of the message in which it stands (none: the health card).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    pub row: String,
    #[serde(default)]
    pub of: Vec<String>,
    /// To take forgetting back: was it in doubt?
    #[serde(default)]
    pub doubt: bool,
}

/// What a press has just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    Retried(Trouble),
    Forgotten(Trouble),
}

/// A group in which the bot lacks something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weak {
    pub title: String,
    /// How many rights are missing.
    pub missing: usize,
}

/// How Préau is, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub school: String,
    pub now: At,
    pub zone: Zone,
    /// Updates received and not taken.
    pub updates: i64,
    /// Effects that are due and not done.
    pub waiting: i64,
    /// Those among them that wait for longer than this many minutes.
    pub stuck: i64,
    pub stuck_minutes: i64,
    /// Rows that ended badly: the newest, and how many there are.
    pub troubles: Vec<Trouble>,
    /// The oldest of the overdue ones.
    pub overdue: Vec<Trouble>,
    pub doubts: i64,
    pub dead: i64,
    /// What is due next: kind, when.
    pub next: Option<(String, At)>,
    pub classes: usize,
    /// Names of classes without a group, none of which is on its way.
    pub groupless: Vec<String>,
    /// How many classes get their group by themselves, and on which day the last of them.
    pub coming: Option<(usize, NaiveDate)>,
    pub weak: Vec<Weak>,
    /// Role, linked, all.
    pub people: Vec<(Role, i64, i64)>,
    /// How many agreements wait, and until when the first.
    pub agreements: Option<(usize, At)>,
    /// User accounts: name, and what keeps it from being of use, since when and what to do.
    pub callers: Vec<(String, Option<Text>)>,
    /// The school gave what an account signs in with.
    pub caller_foreseen: bool,
    /// … does not, while an account is known: it was taken away again.
    pub caller_nameless: bool,
    /// Can admins be told outside Telegram?
    pub alert: bool,
    /// The backup of the day, where Préau makes it by itself.
    pub backup: Option<Backup>,
    pub parts: Parts,
    /// What is away, or was within a day.
    pub absences: Vec<Absence>,
}

/// What each part of the program last did, in school time, and what two of them do next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Telegram last gave something.
    pub received: Option<At>,
    /// A message last went out.
    pub sent: Option<At>,
    /// A call was last opened, and the next one will be.
    pub called: Option<At>,
    pub next_call: Option<At>,
    /// A timetable was last applied.
    pub imported: Option<At>,
    /// Admins were last told something outside Telegram.
    pub alerted: Option<At>,
    pub engine: &'static str,
}

/// How the last backups went.
#[derive(Debug, Clone, PartialEq)]
pub struct Backup {
    pub made: Option<At>,
    pub next: At,
    /// Why there is none since.
    pub failed: Option<Text>,
}
