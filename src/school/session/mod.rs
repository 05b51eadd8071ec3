//! One lesson of one class, from its reminder to its sheet.

pub mod changes;
pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod screens;
pub mod store;

use serde::{Deserialize, Serialize};

pub use self::rules::{first_call, here_window, is_ahead, late_by};

use crate::kernel::text::{Arg, names};
use crate::kernel::time::Zone;
use crate::kernel::{At, Text};
use crate::text;

/// Where a session takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, Default)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Présentiel.
    #[default]
    OnSite,
    /// Distanciel.
    Remote,
    Hybrid,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::OnSite, Self::Remote, Self::Hybrid];

    /// A mode as people write it, in French or English.
    pub fn read(words: &str) -> Option<Self> {
        Some(match names::fold(words).as_str() {
            "presentiel" | "presence" | "en presentiel" | "sur place" | "sur site" | "en salle" | "on site"
            | "onsite" | "in person" | "face to face" => Self::OnSite,
            "distanciel" | "en distanciel" | "distance" | "a distance" | "en ligne" | "visio" | "visioconference"
            | "remote" | "online" | "distant" => Self::Remote,
            "hybride" | "hybrid" | "comodal" | "bimodal" | "mixte" | "mixed" => Self::Hybrid,
            _ => return None,
        })
    }

    pub fn label(self) -> Text {
        match self {
            Self::OnSite => text!("workbook-mode-on-site"),
            Self::Remote => text!("workbook-mode-remote"),
            Self::Hybrid => text!("workbook-mode-hybrid"),
        }
    }
}

/// What a notice waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    Sunday,
    Night,
}

/// A class that would be told of changes, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foretold {
    pub classroom_id: String,
    pub at: At,
    /// None: at once.
    pub wait: Option<Wait>,
}

/// A session's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Planned,
    Cancelled,
}

impl CallState {
    /// Is there a call to enter?
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Unseen)
    }
}

/// What became of a session's video call; none: none was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    Open,
    /// It goes on, and nobody sees who is in it: « Je suis là » stands beside it.
    Unseen,
    /// It could not be opened: the session's own link, or « Je suis là », stands for it.
    Failed,
    Over,
}

/// A session of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Session {
    pub id: String,
    pub classroom_id: String,
    /// The school's own reference, where the timetable gives one.
    pub reference: Option<String>,
    pub start_at: At,
    pub end_at: At,
    pub subject: String,
    /// The teacher, when the name stands for exactly one person.
    pub teacher_id: Option<String>,
    /// As the timetable writes it.
    pub teacher_name: String,
    pub room: String,
    pub mode: Mode,
    pub link: Option<String>,
    pub state: State,
    /// Rises with each change.
    pub revision: i64,
}

impl Session {
    /// Where it takes place, in a few words: the room, or that it is remote.
    pub fn place(&self) -> Text {
        match (self.mode, self.room.trim()) {
            (Mode::Remote, _) => text!("session-place-remote"),
            (Mode::OnSite, "") => text!("session-place-unknown"),
            (Mode::OnSite, room) if rules::names_a_room(room) => Text::verbatim(room),
            (Mode::OnSite, room) => text!("session-place-room", room = room),
            (Mode::Hybrid, "") => text!("session-place-hybrid"),
            (Mode::Hybrid, room) if rules::names_a_room(room) => text!("session-place-hybrid-named", room = room),
            (Mode::Hybrid, room) => text!("session-place-hybrid-room", room = room),
        }
    }
}

/// Kinds of the rows that a session schedules. Reminder and message are this feature's; opening and closing the sheet
/// are performed by the attendance.
pub const REMIND: &str = "session.remind";
pub const SHOW: &str = "session.show";
/// Writes what is due for sessions that were planned or changed in numbers.
pub const ARRANGE: &str = "session.arrange";
/// Tells a class of changes.
pub const NOTICE: &str = "session.notice";
pub const OPEN: &str = "attendance.open";
pub const CLOSE: &str = "attendance.close";
/// What is shown of the roll follows what students say.
pub const FOLLOW: &str = "attendance.follow";
/// The button « Je suis là », recorded by the attendance.
pub const HERE: &str = "session.here";

/// The call opens so many minutes before the start.
pub const CALL_BEFORE: i64 = 5;
/// Where more are due at once than may be opened in a minute, the first open so many minutes before.
pub const CALL_EARLIEST: i64 = 15;
/// Opens the session's video call; performed by the calls.
pub const CALL: &str = "call.open";
/// Looks whether the call should end; performed by the calls.
pub const HANG_UP: &str = "call.end";
/// Looks whether anybody came; performed by the calls.
pub const NOBODY: &str = "call.nobody";
/// Buttons under a roll while a call is open, taken by the calls.
pub const END_CALL: &str = "call.end_now";
pub const EXTEND_CALL: &str = "call.extend";
pub const WRITE_MISSING: &str = "call.write";
pub const RUN_LATE: &str = "call.late";

/// What the key that prolongs a call carries: the press is meant for a call that is so much longer than it would be by
/// itself, in minutes, and none other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Longer {
    pub session: String,
    pub extended: i64,
}

/// The slot of the call's message in the group, which becomes the report.
pub fn call_slot(session_id: &str) -> String {
    format!("call:{session_id}")
}

/// From so many minutes before its start a session stays with its class: its reminder may have left, its call be open.
pub const CLASS_SETTLED: i64 = 20;

/// The slot of a session's message in its group.
pub fn slot(session_id: &str) -> String {
    format!("session:{session_id}")
}

/// The slot of a change notice in a group, by the key of its row.
pub fn notice_slot(id: &str) -> String {
    format!("notice:{id}")
}

/// « Réseaux, 14:00–16:00 (Paris), M. Diallo, salle B204 »
pub fn head(session: &Session, zone: Zone) -> Text {
    let hours = Arg::Hours(session.start_at, session.end_at, zone);
    if session.teacher_name.trim().is_empty() {
        return text!("session-head-no-teacher", subject = &session.subject, hours = hours, place = session.place());
    }
    text!(
        "session-head",
        subject = &session.subject,
        hours = hours,
        teacher = session.teacher_name.trim(),
        place = session.place()
    )
}

/// As [`head`], with the day: « Réseaux, mar. 24 nov., 14:00–16:00 (Paris), M. Diallo, salle B204 ».
pub fn head_with_day(session: &Session, zone: Zone) -> Text {
    let when = when(session, zone);
    if session.teacher_name.trim().is_empty() {
        return text!("session-head-no-teacher", subject = &session.subject, hours = when, place = session.place());
    }
    text!(
        "session-head",
        subject = &session.subject,
        hours = when,
        teacher = session.teacher_name.trim(),
        place = session.place()
    )
}

/// For those who know where and with whom: « Réseaux, mar. 24 nov., 14:00–16:00 (Paris) ».
pub fn title(session: &Session, zone: Zone) -> Text {
    text!("session-title", subject = &session.subject, when = when(session, zone))
}

/// « mar. 24 nov., 14:00–16:00 (Paris) »
pub fn when(session: &Session, zone: Zone) -> Text {
    let hours = Arg::Hours(session.start_at, session.end_at, zone);
    text!("session-when", day = Arg::Day(zone.day(session.start_at)), hours = hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_read_as_people_write_them() {
        assert_eq!(Mode::read("Présentiel"), Some(Mode::OnSite));
        assert_eq!(Mode::read("À distance"), Some(Mode::Remote));
        assert_eq!(Mode::read("HYBRIDE"), Some(Mode::Hybrid));
        assert_eq!(Mode::read("sur Mars"), None);
        for mode in Mode::ALL {
            for lang in crate::kernel::Lang::ALL {
                assert_eq!(Mode::read(&mode.label().render(lang)), Some(mode));
            }
        }
    }
}
