//! What the sessions register.

use super::{ARRANGE, REMIND, SHOW, chat, jobs, screens, store};
use crate::platform::outbox::{Door, Job};
use crate::school::feature::Feature;
use crate::telegram::command::{Audience, Button, Command, Place};

pub const FEATURE: Feature = Feature {
    commands: &[
        Command {
            fr: "aujourdhui",
            en: "today",
            line: "session-menu-today",
            audience: Audience::Anyone,
            place: Place::Both,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::today(turn)),
        },
        Command {
            fr: "semaine",
            en: "week",
            line: "session-menu-week",
            audience: Audience::Anyone,
            place: Place::Both,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::week(turn)),
        },
        Command {
            fr: "prochain",
            en: "next",
            line: "session-menu-next",
            audience: Audience::Anyone,
            place: Place::Both,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::next(turn)),
        },
    ],
    buttons: &[
        Button { action: screens::ABSENT, audience: Audience::Anyone, take: |turn| Box::pin(chat::absent(turn)) },
        Button { action: screens::LATE, audience: Audience::Anyone, take: |turn| Box::pin(chat::late(turn)) },
        Button { action: screens::WITHDRAW, audience: Audience::Student, take: |turn| Box::pin(chat::withdraw(turn)) },
    ],
    jobs: &[
        Job { name: REMIND, door: Door::Telegram, run: |desk, row| Box::pin(jobs::remind(desk, row)) },
        Job { name: ARRANGE, door: Door::Inner, run: |desk, row| Box::pin(jobs::arrange(desk, row)) },
        Job { name: SHOW, door: Door::Telegram, run: |desk, row| Box::pin(jobs::show(desk, row)) },
    ],
    statements: store::STATEMENTS,
    ..Feature::named("session")
};
