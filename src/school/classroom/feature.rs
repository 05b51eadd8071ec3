//! What the classes register.

use super::{chat, flow, jobs, store};
use crate::platform::outbox::{Door, Job};
use crate::school::feature::Feature;
use crate::telegram::command::{Audience, Button, Command, Place};

pub const FEATURE: Feature = Feature {
    commands: &[
        Command {
            fr: "adopter",
            en: "adopt",
            line: "classroom-menu-adopt",
            audience: Audience::Admin,
            place: Place::Group,
            shown: true,
            reads: false,
            take: |turn| Box::pin(chat::adopt(turn)),
        },
        Command {
            fr: "classes",
            en: "classrooms",
            line: "classroom-menu-classes",
            audience: Audience::Supervisor,
            place: Place::Private,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::classes(turn)),
        },
    ],
    buttons: &[Button { action: chat::CHOOSE, audience: Audience::Admin, take: |turn| Box::pin(chat::chosen(turn)) }],
    notices: &[chat::notice],
    jobs: &[
        Job { name: flow::ADOPT, door: Door::Telegram, run: |desk, row| Box::pin(jobs::adopt(desk, row)) },
        Job { name: flow::HUSH, door: Door::Telegram, run: |desk, row| Box::pin(jobs::hush(desk, row)) },
    ],
    // A line that cannot be deleted is no trouble by itself: rights that are missing are told of once.
    fading: &[flow::HUSH],
    statements: store::STATEMENTS,
    ..Feature::named("classroom")
};
