//! Classes and their Telegram groups.

pub mod chat;
pub mod feature;
pub mod flow;
pub mod jobs;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::kernel::{At, Lang};

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Classroom {
    pub id: String,
    pub name: String,
    pub lang: Option<Lang>,
}

/// A class's group at Telegram.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Group {
    pub classroom_id: String,
    pub chat: i64,
    pub title: String,
    pub bot_is_admin: bool,
    /// Bot API names of the rights that the bot lacks, joined by spaces.
    pub missing_rights: String,
    /// The link by which people ask to join.
    pub join_link: Option<String>,
    /// The user account that owns it, where one made it, and one that may step in.
    pub owner: Option<i64>,
    pub spare: Option<i64>,
}

/// A class's group on its way.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Making {
    pub classroom_id: String,
    /// Who makes it; none yet: only its day is foreseen.
    pub account: Option<i64>,
    /// `YYYY-MM-DD`
    pub day: String,
    /// Telegram was asked for it: it is looked for before it is made.
    pub began_at: Option<At>,
    pub chat: Option<i64>,
    pub done_at: Option<At>,
}

impl Making {
    /// The school's day on which the group is there by itself, as far as is foreseen; `None`: it is not on its way.
    pub fn by(&self) -> Option<NaiveDate> {
        let on_its_way = self.account.is_none() || self.done_at.is_none();
        self.day.parse().ok().filter(|_| on_its_way)
    }
}

/// Looks which classes want a group, and who makes the next; performed by the feature that makes them.
pub const QUEUE: &str = "classroom.queue";
/// A class has a group from now on: performed by the sessions, whose reminders had nowhere to go.
pub const GROUPED: &str = "classroom.grouped";

/// Looks who manages calls in a class's group; performed by the feature that makes groups. Its payload is the class.
pub const MANAGERS: &str = "group.rights";

/// The button that shows all classes.
pub const LIST: &str = "classroom.list";
/// The button that opens a class's group; of the feature that makes groups. Its argument is the class.
pub const GROUP_PAGE: &str = "group.page";

/// The rights that the bot needs in a group, and no more (Bot API names), with what each is for.
pub const RIGHTS: [&str; 5] =
    ["can_invite_users", "can_delete_messages", "can_restrict_members", "can_pin_messages", "can_change_info"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_on_its_way_until_it_is_made() {
        let foreseen = Making {
            classroom_id: "c".to_owned(),
            account: None,
            day: "2026-11-26".to_owned(),
            began_at: None,
            chat: None,
            done_at: None,
        };
        let day = NaiveDate::from_ymd_opt(2026, 11, 26);
        assert_eq!(foreseen.by(), day);
        let making = Making { account: Some(7), ..foreseen };
        assert_eq!(making.by(), day);
        assert_eq!(Making { done_at: Some(At(1)), ..making }.by(), None, "made once, and taken away since");
    }
}
