//! What the classes register.

use std::sync::Arc;

use super::rules::{Settings, class_language};
use super::{LIST, chat, flow, jobs, store};
use crate::platform::config::{ConfigError, Layers, Section};
use crate::platform::outbox::{Door, Job};
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::telegram::command::{Audience, Button, Command, Place, Reason};

const SCHOOL: Audience = Act::School.audience();
const CLASSES: Audience = Act::Classes.audience();

pub const FEATURE: Feature = Feature {
    commands: &[
        Command {
            fr: "adopter",
            en: "adopt",
            line: "classroom-menu-adopt",
            help: "help-adopt",
            audience: SCHOOL,
            place: Place::Group,
            shown: true,
            reads: false,
            take: |turn| Box::pin(chat::adopt(turn)),
        },
        Command {
            fr: "classes",
            en: "classrooms",
            line: "classroom-menu-classes",
            help: "help-classes",
            audience: CLASSES,
            place: Place::Private,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::classes(turn)),
        },
    ],
    buttons: &[
        Button { action: chat::CHOOSE, audience: SCHOOL, take: |turn| Box::pin(chat::chosen(turn)) },
        Button { action: chat::CHOICES, audience: SCHOOL, take: |turn| Box::pin(chat::choices(turn)) },
        Button { action: LIST, audience: CLASSES, take: |turn| Box::pin(chat::classes(turn)) },
    ],
    notices: &[chat::notice],
    jobs: &[
        Job { name: flow::ADOPT, door: Door::Telegram, run: |desk, row| Box::pin(jobs::adopt(desk, row)) },
        Job { name: flow::HUSH, door: Door::Telegram, run: |desk, row| Box::pin(jobs::hush(desk, row)) },
        Job { name: flow::STANDING, door: Door::Telegram, run: |desk, row| Box::pin(jobs::standing(desk, row)) },
    ],
    // A line that cannot be deleted is no trouble by itself: rights that are missing are told of once.
    fading: &[flow::HUSH, flow::STANDING],
    settings: &[Section { name: "classroom", read: |layers| Ok(Arc::new(settings(layers)?)) }],
    statements: store::STATEMENTS,
    reasons: &[
        Reason { code: "CLA-01", words: "why-cla-01" },
        Reason { code: "CLA-02", words: "why-cla-02" },
        Reason { code: "CLA-03", words: "why-cla-03" },
        Reason { code: "CLA-04", words: "why-cla-04" },
        Reason { code: "CLA-05", words: "why-cla-05" },
        Reason { code: "CLA-06", words: "why-cla-06" },
        Reason { code: "CLA-07", words: "why-cla-07" },
    ],
    ..Feature::named("classroom")
};

fn settings(layers: &Layers) -> Result<Settings, ConfigError> {
    const KEY: &str = "classroom.languages";
    let mut settings = Settings::default();
    for line in layers.list(KEY) {
        let (class, lang) = class_language(&line).map_err(|why| layers.wrong(KEY, &why))?;
        if settings.language_of(&class).is_some() {
            return Err(layers.wrong(KEY, &format!("« {class} » stands there twice")));
        }
        settings.languages.push((class, lang));
    }
    Ok(settings)
}
