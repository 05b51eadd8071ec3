//! What the roster registers.

use super::{Role, chat, flow, jobs, store};
use crate::platform::outbox::{Door, Job};
use crate::platform::schedule::Moment;
use crate::school::feature::Feature;
use crate::telegram::command::{Audience, Reason};
use crate::telegram::port::Desk;

const JOBS: &[Job<Desk>] = &[
    Job { name: flow::DECLINE, door: Door::Telegram, run: jobs::decline },
    Job { name: flow::DECLINE_NOTE, door: Door::Telegram, run: jobs::decline_note },
    Job { name: flow::WELCOME, door: Door::Telegram, run: jobs::welcome },
    Job { name: flow::WELCOME_MORE, door: Door::Telegram, run: jobs::welcome_more },
    Job { name: flow::TELL, door: Door::Telegram, run: jobs::tell },
    Job { name: flow::TIED, door: Door::Telegram, run: jobs::tied },
    Job { name: flow::TIED_MORE, door: Door::Telegram, run: jobs::tied_more },
    Job { name: flow::MENU, door: Door::Telegram, run: jobs::menu },
    Job { name: flow::RIGHTS_LOOK, door: Door::Telegram, run: jobs::look_at_rights },
    Job { name: flow::MAIL, door: Door::Telegram, run: jobs::mail },
    Job { name: flow::DEPART, door: Door::Telegram, run: jobs::depart },
    Job { name: flow::WALKED_OUT, door: Door::Inner, run: jobs::tell_walkouts },
    Job { name: flow::FORGET, door: Door::Inner, run: jobs::forget },
    Job { name: flow::LINKS, door: Door::Telegram, run: jobs::links },
];

pub const FEATURE: Feature = Feature {
    commands: chat::COMMANDS,
    buttons: chat::BUTTONS,
    topics: chat::TOPICS,
    notices: chat::NOTICES,
    jobs: JOBS,
    // The next night forgets what this one did not.
    fading: &[flow::WELCOME, flow::WELCOME_MORE, flow::DECLINE_NOTE, flow::FORGET],
    moments: &[Moment { name: "roster-forget", cron: "40 3 * * *", kind: flow::FORGET, catch_up_hours: 24 }],
    statements: store::STATEMENTS,
    further_statements: store::FURTHER,
    reasons: &[
        Reason { code: "LIE-01", words: "why-lie-01" },
        Reason { code: "LIE-02", words: "why-lie-02" },
        Reason { code: "LIE-03", words: "why-lie-03" },
        Reason { code: "LIE-04", words: "why-lie-04" },
        Reason { code: "LIE-05", words: "why-lie-05" },
        Reason { code: "LIE-06", words: "why-lie-06" },
        Reason { code: "LIE-07", words: "why-lie-07" },
        Reason { code: "LIE-08", words: "why-lie-08" },
        Reason { code: "ROS-01", words: "why-ros-01" },
        Reason { code: "ROS-02", words: "why-ros-02" },
    ],
    ..Feature::named("roster")
};

/// The rank of a role; nobody's role is anybody's.
impl From<Option<Role>> for Audience {
    fn from(role: Option<Role>) -> Self {
        match role {
            None => Self::Anyone,
            Some(Role::Student) => Self::Student,
            Some(Role::Teacher) => Self::Teacher,
            Some(Role::Supervisor) => Self::Supervisor,
            Some(Role::Manager) => Self::Manager,
            Some(Role::Admin) => Self::Admin,
        }
    }
}
