//! Presence, from what was seen to a validated sheet.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod screens;
pub mod sheet;
pub mod store;
mod view;

pub use self::screens::Redrawn;
pub use self::view::{Early, Sight, Stranger, View, Watched};

use serde::{Deserialize, Serialize};

use crate::kernel::{At, Text};
use crate::text;

/// So long after the start somebody should be there.
pub const NOBODY_MINUTES: i64 = 10;

/// What a line of a sheet says. No code path turns an open line into absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// « À pointer »: nobody and nothing has said.
    Open,
    Present,
    /// Seen for 50–80 %: the teacher decides.
    Partial,
    Absent,
    /// An absence that the school accepted.
    Justified,
}

/// Where a line comes from, in rising precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Nothing,
    Call,
    Button,
    Card,
    Signature,
    Manual,
}

/// One student's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Line {
    pub person_id: String,
    pub last_name: String,
    pub first_name: String,
    #[sqlx(rename = "state")]
    pub mark: Mark,
    /// Minutes late; only with [`Mark::Present`] or [`Mark::Partial`].
    pub late: Option<i64>,
    /// Minutes before the end; likewise.
    pub early: Option<i64>,
    /// Minutes seen in the call, rounded down.
    pub minutes: Option<i64>,
    pub source: Source,
    /// What tells them apart from others of the same sheet: « Inès Mo. »; none: « Inès M. » does.
    #[sqlx(skip)]
    #[serde(skip)]
    pub told_apart: Option<String>,
}

impl Line {
    pub fn short_name(&self) -> String {
        let usual = || crate::kernel::text::names::short(&self.first_name, &self.last_name);
        self.told_apart.clone().unwrap_or_else(usual)
    }
    pub fn full_name(&self) -> String {
        format!("{} {}", self.last_name, self.first_name)
    }
    /// What the line says, without the name.
    pub fn verdict(&self) -> Verdict {
        Verdict { mark: self.mark, late: self.late, early: self.early, minutes: self.minutes, source: self.source }
    }
}

/// What a line says, without the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub mark: Mark,
    pub late: Option<i64>,
    pub early: Option<i64>,
    pub minutes: Option<i64>,
    pub source: Source,
}

impl Verdict {
    /// Present from the beginning to the end.
    pub fn is_whole(&self) -> bool {
        self.mark == Mark::Present && self.late.is_none() && self.early.is_none()
    }

    /// « présent », « en retard de 12 min », « partiel, départ 20 min avant la fin ».
    pub fn words(&self) -> Text {
        let late = self.late.map(|minutes| text!("attendance-late-by", count = minutes));
        let early = self.early.map(|minutes| text!("attendance-early-by", count = minutes));
        self.joined(late, early)
    }

    /// The same where there is little room: « retard 12 min ».
    pub fn short(&self) -> Text {
        let late = self.late.map(|minutes| text!("attendance-late-short", count = minutes));
        let early = self.early.map(|minutes| text!("attendance-early-short", count = minutes));
        self.joined(late, early)
    }

    fn joined(&self, late: Option<Text>, early: Option<Text>) -> Text {
        let plain = self.mark == Mark::Present && (late.is_some() || early.is_some());
        let mark = (!plain).then(|| self.mark.word());
        Text::joined(", ", mark.into_iter().chain(late).chain(early))
    }
}

/// A sheet's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SheetState {
    /// The session runs.
    Running,
    /// The session is over; the teacher has not validated.
    Proposed,
    Validated,
    /// Too old to be changed by one person, validated or not.
    Locked,
}

/// A sheet without its lines.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Sheet {
    pub session_id: String,
    pub state: SheetState,
    /// Rises with each change: what a press was made on.
    pub version: i64,
    /// How many times it was made public: 1 when it is validated, one more with each correction after that.
    pub revision: i64,
    pub opened_at: At,
    pub validated_at: Option<At>,
    pub validated_by: Option<String>,
}

impl Sheet {
    /// The lesson is over, and nobody stands by the sheet yet.
    pub const fn waits(&self) -> bool {
        waits(self.state, self.validated_at)
    }
}

/// The lesson is over, and nobody stands by its sheet yet: it may be locked, like any other.
pub const fn waits(state: SheetState, validated: Option<At>) -> bool {
    !matches!(state, SheetState::Running) && validated.is_none()
}

/// What kind of thing was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Entered the call.
    Joined,
    /// Left the call.
    Left,
    /// Seen in the call by a poll.
    Seen,
    /// Pressed « Je suis là ».
    Button,
    Card,
    Signature,
    /// A person in charge said so; `detail` holds a [`Verdict`].
    Manual,
    Import,
}

/// Something that was seen, append-only.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    /// Rises with the order in which events were learnt: decides between two of one instant.
    pub id: String,
    pub person_id: Option<String>,
    pub kind: EventKind,
    pub source: String,
    /// When it happened (school time).
    pub source_at: At,
    /// When we learnt it.
    pub received_at: At,
    pub detail: Option<String>,
}

impl Mark {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Present => "present",
            Self::Partial => "partial",
            Self::Absent => "absent",
            Self::Justified => "justified",
        }
    }
    /// The status word, alone: « présent ».
    pub fn word(self) -> Text {
        match self {
            Self::Open => text!("attendance-open"),
            Self::Present => text!("attendance-present"),
            Self::Partial => text!("attendance-partial"),
            Self::Absent => text!("attendance-absent"),
            Self::Justified => text!("attendance-justified"),
        }
    }
}

impl Source {
    /// « appel », « bouton » …
    pub fn word(self) -> Text {
        match self {
            Self::Nothing => text!("attendance-source-nothing"),
            Self::Call => text!("attendance-source-call"),
            Self::Button => text!("attendance-source-button"),
            Self::Card => text!("attendance-source-card"),
            Self::Signature => text!("attendance-source-signature"),
            Self::Manual => text!("attendance-source-manual"),
        }
    }
}

/// How many lines say what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub all: i64,
    pub present: i64,
    /// Of those present, how many were late: while a line is undecided, so is that.
    pub late: i64,
    pub partial: i64,
    pub absent: i64,
    pub justified: i64,
    pub open: i64,
}

impl Counts {
    pub fn of(lines: &[Line]) -> Self {
        let mut counts = Self::default();
        for line in lines {
            counts.all += 1;
            match line.mark {
                Mark::Open => counts.open += 1,
                Mark::Present => counts.present += 1,
                Mark::Partial => counts.partial += 1,
                Mark::Absent => counts.absent += 1,
                Mark::Justified => counts.justified += 1,
            }
            if line.late.is_some() && line.mark == Mark::Present {
                counts.late += 1;
            }
        }
        counts
    }
}

/// The slot of a roll's message in a private chat.
pub fn roll_slot(session_id: &str, account: i64) -> String {
    format!("roll:{session_id}:{account}")
}

/// A correction on its way: which line becomes what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub session: String,
    pub person: String,
    pub mark: Mark,
    pub late: Option<i64>,
    pub early: Option<i64>,
    pub version: i64,
    pub page: usize,
    /// This takes the last change back.
    pub undo: Option<Undo>,
}

/// Taking a change back: needs no reason, for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// School time.
    pub until: At,
    /// Where the line came from before the change.
    pub source: Source,
}

/// What a line was before a roll was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    pub person: String,
    pub verdict: Verdict,
}

/// A roll that was saved, and may be taken back for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub session: String,
    /// The sheet's, once it was saved.
    pub version: i64,
    /// School time.
    pub until: At,
    pub lines: Vec<Was>,
}

/// A change of a locked sheet, which waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateChange {
    pub session: String,
    pub person: String,
    pub mark: Mark,
    pub late: Option<i64>,
    pub early: Option<i64>,
    pub reason: String,
    pub by: String,
}

/// A roll on a sheet that was locked before anybody validated it, which waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateRoll {
    pub session: String,
    pub absent: Vec<String>,
    pub by: String,
}

/// What a second person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Agreed {
    Line(LateChange),
    Roll(LateRoll),
}

/// A reason was tapped, or another is to be typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub wish: Wish,
    /// `network`, `mistake`; `None` asks for words.
    pub code: Option<String>,
}

/// What a press under a contest carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub contest: String,
    pub accept: bool,
    /// Accepted, but the line becomes something else than « présent ».
    #[serde(default)]
    pub other: bool,
}

/// A person's own line, with the session it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnLine {
    pub session_id: String,
    #[sqlx(rename = "state")]
    pub mark: Mark,
    pub late: Option<i64>,
    pub early: Option<i64>,
    pub minutes: Option<i64>,
    pub source: Source,
    pub start_at: At,
    pub end_at: At,
    pub subject: String,
    pub sheet_state: SheetState,
    pub validated_at: Option<At>,
    /// It was contested before.
    pub contest: Option<String>,
}

impl OwnLine {
    pub const fn verdict(&self) -> Verdict {
        Verdict { mark: self.mark, late: self.late, early: self.early, minutes: self.minutes, source: self.source }
    }
}

/// Who somebody in the call is, as a person in charge says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    pub session: String,
    pub peer: i64,
    /// None: nobody of the class.
    pub person: Option<String>,
    /// The version of the sheet that was on the screen.
    pub version: i64,
    /// Taking it back: until then, in school time.
    pub undo_until: Option<At>,
}
