//! Agreements: what one person may not decide alone. The effects are spelled out, people accept or refuse, and what was
//! agreed is carried out by the feature that asked.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod store;

use serde::{Deserialize, Serialize};

use crate::kernel::{At, Text};

/// What is asked of the admins.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The job that carries it out once agreed (`workbook.apply`): it gets a row under [`key_of`] with the payload.
    pub kind: &'static str,
    /// What will happen, with numbers and names.
    pub effects: Text,
    /// What the job needs to carry it out.
    pub payload: serde_json::Value,
    /// How many different people must accept: 1 or 2.
    pub needs: i64,
    /// The person who asks. Asking is not accepting: their press counts as one voice like any other.
    pub asked_by: Option<String>,
    /// How long it stays open. In a school with one admin, two voices need more than a day: it stays open for two then.
    pub hours: i64,
}

/// Where an agreement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    Open,
    Agreed,
    Refused,
    Expired,
    /// Agreed and carried out.
    Done,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Done => "done",
        }
    }
}

/// An agreement that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Agreement {
    pub id: String,
    pub kind: String,
    /// A [`Text`] as JSON.
    pub effects: String,
    pub payload: String,
    pub needs: i64,
    pub asked_by: Option<String>,
    pub asked_at: At,
    pub expires_at: At,
    pub state: State,
    /// The job that hears of an end without agreement.
    pub over_kind: Option<String>,
    /// What really happened, when its state alone would mislead: a [`Text`] as JSON.
    pub ending: Option<String>,
}

/// What [`flow::when_over`]'s job is given: how it ended, and the payload of what was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Over {
    pub agreement: String,
    /// Refused; otherwise its time ran out.
    pub refused: bool,
    pub payload: serde_json::Value,
}

/// One person's word.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Voice {
    /// A person's id, or [`CLI`].
    pub voter: String,
    pub agrees: bool,
    pub at: At,
}

/// The voter at the school's machine.
pub const CLI: &str = "cli";

/// What a voice did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voiced {
    /// Counted; so many are still missing.
    Counted {
        left: i64,
    },
    /// It was the last that was missing, or a refusal.
    Decided(State),
    /// This person accepted before, or it was decided before.
    Already,
    Expired,
    Unknown,
}

/// The key of the row that carries an agreement out.
pub fn key_of(id: &str) -> String {
    format!("agreement:{id}")
}

/// The agreement that a row's key names.
pub fn id_of(key: &str) -> Option<&str> {
    key.strip_prefix("agreement:")
}
