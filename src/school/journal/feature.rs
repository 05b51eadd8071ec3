//! What the journal registers.

use super::{FILE, chat, jobs, screens};
use crate::platform::outbox::{Door, Job};
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::telegram::command::{Audience, Button, Command, Place};

const ADMIN: Audience = Act::School.audience();

pub const FEATURE: Feature = Feature {
    commands: &[Command {
        fr: "journal",
        en: "audit",
        line: "journal-menu",
        help: "help-journal",
        audience: ADMIN,
        place: Place::Private,
        shown: true,
        reads: true,
        take: |turn| Box::pin(chat::journal(turn)),
    }],
    buttons: &[
        Button { action: screens::PAGE, audience: ADMIN, take: |turn| Box::pin(chat::page(turn)) },
        Button { action: screens::PERSON, audience: ADMIN, take: |turn| Box::pin(chat::person(turn)) },
        Button { action: screens::SEND, audience: ADMIN, take: |turn| Box::pin(chat::send(turn)) },
    ],
    jobs: &[Job { name: FILE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::file(desk, row)) }],
    ..Feature::named("journal")
};
