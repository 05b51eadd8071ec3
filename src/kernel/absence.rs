//! How long something that everything needs was away: Telegram, or the database.

use serde::{Deserialize, Serialize};

use super::At;

/// What was away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Needed {
    /// The Bot API gave nothing.
    Telegram,
    /// The database could not be written.
    Store,
}

impl Needed {
    pub const ALL: [Self; 2] = [Self::Telegram, Self::Store];
}

/// The last time that it was away. Both in school time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub what: Needed,
    pub since: At,
    /// When it was found to be back; none while it is away.
    pub until: Option<At>,
    /// Admins heard of it while it lasted, outside Telegram.
    #[serde(default)]
    pub told: bool,
}
