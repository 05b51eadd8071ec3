//! What the screens of a roll and a sheet are made of.

use serde::{Deserialize, Serialize};

use super::rules::Rule;
use super::{Line, Sheet};
use crate::kernel::time::Zone;
use crate::kernel::{At, Text};
use crate::school::session::Session;

/// Everything a screen of a sheet is made of.
#[derive(Debug, Clone)]
pub struct View {
    pub session: Session,
    pub head: Text,
    pub classroom: String,
    pub sheet: Sheet,
    pub lines: Vec<Line>,
    /// Those who announced an absence, and a late arrival.
    pub absences: Vec<String>,
    pub latenesses: Vec<String>,
    /// Those whose contest waits for an answer.
    pub contested: Vec<String>,
    /// The session's call is open.
    pub calling: bool,
    /// … and so many minutes longer than it would by itself.
    pub extended: i64,
    /// While the lesson runs: those who came into the call and left it a while ago.
    pub gone: Vec<String>,
    /// Those who were in the call, and of whom nobody has said who they are.
    pub strangers: Vec<Stranger>,
    /// What is known of the call; none: there was none.
    pub watched: Option<Watched>,
    pub sight: Sight,
    pub zone: Zone,
}

/// May anybody be said, just now, not to be in the call?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everybody in it was seen a moment ago; or there is none, and nobody comes by it.
    Clear,
    /// Not yet, or no look succeeds any more.
    None,
    /// Telegram hides who listens.
    Hidden,
}

/// Somebody in the call whom nobody knows: an account that is tied to no person, or a channel as which somebody joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranger {
    pub peer: i64,
    /// The channel's name.
    pub title: Option<String>,
    /// Seen since then.
    pub first_at: At,
}

/// How a session's call was watched, and what minutes in it are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// Minutes in which the call was open and seen, of …
    pub minutes: i64,
    /// … so many of the lesson.
    pub lesson: i64,
    /// Minutes in which it was open and nobody saw who was in it.
    pub blind: i64,
    /// Seconds between two looks, as a rule.
    pub interval: Option<i64>,
    /// It proposes something; else all is to be marked.
    pub usable: bool,
    pub rule: Rule,
}

/// The call is open and the lesson has not begun: who is in it.
#[derive(Debug, Clone)]
pub struct Early {
    pub session: Session,
    pub classroom: String,
    /// Present: in the call.
    pub lines: Vec<Line>,
    pub absences: Vec<String>,
    pub sight: Sight,
    pub zone: Zone,
}
