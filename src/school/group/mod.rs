//! The groups that the school's accounts make for its classes: made once, equipped, kept in step; who is in them.
//!
//! A group is made in steps, each a row that may be tried again by itself: asked for (and looked for, once it was asked
//! for), the bot admitted, linked with its class, a spare account let in, a welcome pinned.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod store;

use serde::{Deserialize, Serialize};

/// A group that an account makes, or made, for a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    pub classroom_id: String,
    pub account: i64,
    /// None before it is made.
    pub chat: Option<i64>,
}

/// Somebody who is in a group without being of its class, as they call themselves or as the school does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranger {
    pub account: i64,
    pub name: String,
}

/// The button that names those who would be taken out.
pub const REMOVE: &str = "group.remove";

/// What its key means: these people, out of this class's group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub classroom_id: String,
    pub people: Vec<Stranger>,
    /// Names the key that does it: pressed twice, it is one wish. Keys from before have none.
    #[serde(default)]
    pub press: String,
}

/// Who is to be taken out of a class's group, and who hears of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    pub classroom_id: String,
    pub chat: i64,
    pub people: Vec<Stranger>,
    /// The account that asks, and its person.
    pub account: i64,
    pub by: String,
    #[serde(default)]
    pub progress: Progress,
}

/// How far a removal came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The agreement that is carried out; none: one person decided, and each counted then.
    pub agreement: Option<String>,
    /// Who is taken out now: Telegram may have been asked already.
    pub begun: Option<Stranger>,
    /// What became of those before.
    pub ended: Vec<(Stranger, Gone)>,
}

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gone {
    Out,
    /// Telegram refused it: an administrator of the group.
    Stuck,
}

/// What the bot may do in a group, and no more (MTProto names): it lets in, tidies, bans, pins, keeps the name in step,
/// and makes teachers call managers.
pub const BOT_RIGHTS: &[&str] =
    &["delete_messages", "ban_users", "invite_users", "pin_messages", "manage_call", "change_info", "add_admins"];

/// What a spare account needs to step in for the owner: it may give no right that it does not hold.
pub const SPARE_RIGHTS: &[&str] =
    &["manage_call", "invite_users", "change_info", "add_admins", "delete_messages", "pin_messages"];

/// Teachers open and end calls.
pub const TEACHER_RIGHTS: &[&str] = &["manage_call"];
/// Who looks after the class keeps order too.
pub const STAFF_RIGHTS: &[&str] = &["manage_call", "delete_messages", "pin_messages"];

/// Stands in a group's description: by it a group is found that was made when the answer was lost.
pub fn mark(classroom_id: &str) -> String {
    format!("#preau-{classroom_id}")
}

/// The slot of a group's pinned welcome.
pub fn welcome_slot(chat: i64) -> String {
    format!("group-welcome:{chat}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gets_what_its_giver_does_not_hold() {
        for rights in [TEACHER_RIGHTS, STAFF_RIGHTS] {
            assert!(rights.iter().all(|right| SPARE_RIGHTS.contains(right) && BOT_RIGHTS.contains(right)));
            assert!(!rights.contains(&"add_admins") && !rights.contains(&"ban_users"));
        }
    }
}
