//! What an import changed, for the time of undoing, and what undoing came to. Words only: types.

use serde::{Deserialize, Serialize};

use crate::school::roster::Person;
use crate::school::session::Session;

/// One thing that an application changed, with all that is needed to put it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    ClassMade { id: String },
    PersonAdded { after: Enrolled },
    PersonChanged { before: Enrolled, after: Enrolled },
    SessionAdded { after: Session },
    SessionChanged { before: Session, after: Session },
    SessionRemoved { before: Session, after: Session },
}

impl Effect {
    /// The class, person or session.
    pub(super) fn object(&self) -> &str {
        match self {
            Self::ClassMade { id } => id,
            Self::PersonAdded { after } | Self::PersonChanged { after, .. } => &after.person.id,
            Self::SessionAdded { after } | Self::SessionChanged { after, .. } | Self::SessionRemoved { after, .. } => {
                &after.id
            }
        }
    }
}

/// A person with their classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub person: Person,
    /// In order.
    pub classes: Vec<String>,
}

/// Why a thing stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Somebody changed it since.
    Changed,
    /// The session began, or has its sheet.
    Begun,
    /// The session begins so soon that its class was told already.
    Near,
    /// The person tied an account, or came into the group.
    Joined,
    /// The class or the person is needed by something that stays.
    Used,
}

impl Kept {
    pub const ALL: [Self; 5] = [Self::Changed, Self::Begun, Self::Near, Self::Joined, Self::Used];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Begun => "begun",
            Self::Near => "near",
            Self::Joined => "joined",
            Self::Used => "used",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kept| kept.code() == code)
    }
}

/// What undoing came to: how many things were put back, what stays and why, and how many were older than that.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    pub back: i64,
    pub kept: i64,
    /// Some of those that stay.
    pub named: Vec<(Effect, Kept)>,
    /// Changed by an earlier press of the same import, more than ten minutes ago.
    pub older: i64,
}
