//! The video call of a session: opened by a user account, looked into, ended.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod screens;
pub mod store;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::At;
use crate::school::session::{Mode, Session, State};

/// A call that was opened for a session.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LiveCall {
    pub session_id: String,
    pub call_id: i64,
    pub chat: i64,
    /// The account that looks into it and ends it.
    pub account: i64,
    pub title: String,
    /// Somebody else had opened it.
    pub adopted: bool,
    /// Telegram's own line about it in the group.
    pub message: Option<i64>,
    pub opened_at: At,
    pub closed_at: Option<At>,
    /// So many minutes longer than its session and the grace.
    pub extended: i64,
    /// Somebody in charge said to end it, or ended it: closed is closed.
    pub end_asked: bool,
    /// The session was in a call before, this one or another, at the hours that it has now: its messages tell of that and
    /// go on with this one.
    pub again: bool,
}

/// When calls are opened for remote and hybrid sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Always,
    /// Only where the timetable gives no link of its own.
    WithoutLink,
    Never,
}

/// What a school sets: `[call]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub when: When,
    /// Who joins is muted.
    pub join_muted: bool,
    /// A call ends by itself so many minutes after its session.
    pub grace_minutes: i64,
}

impl Settings {
    /// Is a call to be opened for it?
    pub fn wants(self, session: &Session) -> bool {
        is_remote(session)
            && match self.when {
                When::Always => true,
                When::WithoutLink => session.link.is_none(),
                When::Never => false,
            }
    }
}

/// Does somebody follow it from afar, so that a call may be of use?
pub fn is_remote(session: &Session) -> bool {
    session.state == State::Planned && session.mode != Mode::OnSite
}

/// Why one account could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hitch {
    /// It is not in the group, or has no right there.
    NotAllowed,
    /// Telegram asks it to wait.
    Wait(Duration),
    /// Telegram could not be asked.
    Away,
    /// It is signed in no more.
    Gone,
    /// It is signed in, and its secret does not open on the server.
    Shut,
    /// Telegram's own word.
    Refused(String),
}

impl Hitch {
    /// It goes by itself.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Wait(_) | Self::Away)
    }
}

impl From<&Hitch> for NoCall {
    fn from(hitch: &Hitch) -> Self {
        match hitch {
            Hitch::NotAllowed => Self::NotAllowed,
            Hitch::Wait(_) => Self::Wait,
            Hitch::Away => Self::Away,
            Hitch::Gone => Self::NoCaller,
            Hitch::Shut => Self::Shut,
            Hitch::Refused(word) => Self::Refused(word.clone()),
        }
    }
}

/// Why no call was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoCall {
    /// No account is signed in.
    NoCaller,
    /// The account's secret does not open on the server.
    Shut,
    /// No account is in the class's group, or may manage calls there.
    NotAllowed,
    /// Telegram asks to wait beyond the start.
    Wait,
    /// Telegram could not be asked until the start.
    Away,
    /// Telegram's own word.
    Refused(String),
}

/// Who hears that there is no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Those in charge, whoever looks after the class, admins.
    Everybody,
    /// Those in charge; admins once a day, since it is so of every lesson.
    InCharge,
    /// The school foresees no account: that there is no call is what everybody expects.
    Nobody,
}
