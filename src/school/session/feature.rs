//! What the sessions register.

use super::{ARRANGE, NOTICE, REMIND, SHOW, chat, jobs, screens, store};
use crate::platform::outbox::{Door, Job};
use crate::school::classroom::GROUPED;
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::school::roster::APPROVE;
use crate::telegram::command::{Audience, Button, Command, Place, Reason};

const TIMETABLE: Audience = Act::Timetable.audience();
const ANNOUNCE: Audience = Act::Announce.audience();

pub const FEATURE: Feature = Feature {
    commands: &[
        Command {
            fr: "aujourdhui",
            en: "today",
            line: "session-menu-today",
            help: "help-today",
            audience: TIMETABLE,
            place: Place::Both,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::today(turn)),
        },
        Command {
            fr: "semaine",
            en: "week",
            line: "session-menu-week",
            help: "help-week",
            audience: TIMETABLE,
            place: Place::Both,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::week(turn)),
        },
        Command {
            fr: "prochain",
            en: "next",
            line: "session-menu-next",
            help: "help-next",
            audience: TIMETABLE,
            place: Place::Both,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::next(turn)),
        },
    ],
    buttons: &[
        Button { action: screens::ABSENT, audience: ANNOUNCE, take: |turn| Box::pin(chat::absent(turn)) },
        Button { action: screens::LATE, audience: ANNOUNCE, take: |turn| Box::pin(chat::late(turn)) },
        Button {
            action: screens::WITHDRAW,
            audience: Act::Own.audience(),
            take: |turn| Box::pin(chat::withdraw(turn)),
        },
    ],
    notices: &[|tx, chat, happening| Box::pin(chat::notice(tx, chat, happening))],
    jobs: &[
        Job { name: REMIND, door: Door::Telegram, run: |desk, row| Box::pin(jobs::remind(desk, row)) },
        Job { name: ARRANGE, door: Door::Inner, run: |desk, row| Box::pin(jobs::arrange(desk, row)) },
        Job { name: NOTICE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::notice(desk, row)) },
        Job { name: GROUPED, door: Door::Inner, run: |desk, row| Box::pin(jobs::grouped(desk, row)) },
        Job { name: APPROVE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::approve(desk, row)) },
        Job { name: SHOW, door: Door::Telegram, run: |desk, row| Box::pin(jobs::show(desk, row)) },
    ],
    // What stands in the group is brought up to date by the next look at it.
    fading: &[SHOW],
    statements: store::STATEMENTS,
    further_statements: store::FURTHER,
    reasons: &[
        Reason { code: "SES-01", words: "why-ses-01" },
        Reason { code: "SES-02", words: "why-ses-02" },
        Reason { code: "SES-03", words: "why-ses-03" },
        Reason { code: "SES-04", words: "why-ses-04" },
        Reason { code: "SES-05", words: "why-ses-05" },
        Reason { code: "SES-06", words: "why-ses-06" },
    ],
    ..Feature::named("session")
};
